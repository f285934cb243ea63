namespace ServeBench.Measurement.Statistics;

/// <summary>
/// What the plan of trials makes of the variance of a difference of two stacks: 2/n where each has n trials, one in every block, more
/// where cells are missing. From the information matrix of the stacks with the blocks eliminated (Searle, Linear Models, 1971,
/// section 7.2).
/// </summary>
internal static class ContrastFactors
{
    public static double[,] Of(IReadOnlyList<Observation> observations, int stacks, int blocks, bool blocked)
    {
        var counts = new double[stacks, blocks];
        foreach (var o in observations) counts[o.Stack, o.Block]++;
        var information = new double[stacks, stacks];
        for (var i = 0; i < stacks; i++)
        {
            for (var b = 0; b < blocks; b++) information[i, i] += counts[i, b];
        }
        for (var b = 0; blocked && b < blocks; b++)
        {
            var all = 0.0;
            for (var i = 0; i < stacks; i++) all += counts[i, b];
            for (var i = 0; i < stacks; i++)
            {
                for (var j = 0; j < stacks; j++) information[i, j] -= counts[i, b] * counts[j, b] / all;
            }
        }
        // Effects are known up to a constant only; a constant added everywhere makes the matrix regular and leaves differences alone.
        for (var i = 0; blocked && i < stacks; i++)
        {
            for (var j = 0; j < stacks; j++) information[i, j] += 1;
        }
        var inverse = Inverse(information);
        var factors = new double[stacks, stacks];
        for (var i = 0; i < stacks; i++)
        {
            for (var j = 0; j < stacks; j++) factors[i, j] = inverse[i, i] + inverse[j, j] - (2 * inverse[i, j]);
        }
        return factors;
    }

    /// <summary>Gauss-Jordan with the largest pivot.</summary>
    private static double[,] Inverse(double[,] of)
    {
        var n = of.GetLength(0);
        var work = (double[,])of.Clone();
        var inverse = new double[n, n];
        for (var i = 0; i < n; i++) inverse[i, i] = 1;
        for (var column = 0; column < n; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < n; row++)
            {
                if (Math.Abs(work[row, column]) > Math.Abs(work[pivot, column])) pivot = row;
            }
            for (var j = 0; j < n; j++)
            {
                (work[column, j], work[pivot, j]) = (work[pivot, j], work[column, j]);
                (inverse[column, j], inverse[pivot, j]) = (inverse[pivot, j], inverse[column, j]);
            }
            var by = work[column, column];
            for (var j = 0; j < n; j++) (work[column, j], inverse[column, j]) = (work[column, j] / by, inverse[column, j] / by);
            for (var row = 0; row < n; row++)
            {
                var times = work[row, column];
                if (row == column || times == 0) continue;
                for (var j = 0; j < n; j++)
                {
                    work[row, j] -= times * work[column, j];
                    inverse[row, j] -= times * inverse[column, j];
                }
            }
        }
        return inverse;
    }
}
