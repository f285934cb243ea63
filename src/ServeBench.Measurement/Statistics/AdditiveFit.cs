namespace ServeBench.Measurement.Statistics;

/// <summary>
/// The additive model <c>log y = stack + block + residual</c>, fitted by Huber's M-estimator with his proposal 2 for the scale, so
/// that a trial in which something happened moves its stack by little (Huber, Robust Statistics, 1981, chapters 6 and 7). Cells
/// may be missing or hold several trials.
/// </summary>
internal sealed class AdditiveFit
{
    private const int MostSteps = 60;
    private readonly Observation[] _of;
    private readonly bool _blocked;
    private readonly double _huber;
    private readonly double[] _weights;
    private readonly double[] _block;
    private readonly double[] _weightOfStack;
    private readonly double[] _weightOfBlock;

    /// <param name="observations">Every stack and every block from 0 has at least one.</param>
    /// <param name="stacks">How many stacks.</param>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="huber">Residuals beyond so many times the scale lose weight; infinity is least squares.</param>
    /// <param name="blocked">False leaves the blocks out of the model.</param>
    public AdditiveFit(IReadOnlyList<Observation> observations, int stacks, int blocks, double huber, bool blocked = true)
    {
        (_of, _huber, _blocked) = ([.. observations], huber, blocked);
        _weights = new double[observations.Count];
        Array.Fill(_weights, 1);
        _block = new double[blocks];
        (_weightOfStack, _weightOfBlock) = (new double[stacks], new double[blocks]);
        Effects = new double[stacks];
        Residuals = new double[observations.Count];
        DegreesOfFreedom = observations.Count - stacks - (blocked ? blocks - 1 : 0);
        if (DegreesOfFreedom > 0) Fit();
        else Sweep();
        PairFactors = ContrastFactors.Of(observations, stacks, blocks, blocked);
    }

    /// <summary>One per stack, on the scale of logarithms.</summary>
    public double[] Effects { get; }

    /// <summary>One per observation.</summary>
    public double[] Residuals { get; }

    /// <summary>Not above zero when there are too few observations to know any spread.</summary>
    public int DegreesOfFreedom { get; }

    /// <summary>Robust scale of the residuals.</summary>
    public double Scale { get; private set; }

    /// <summary>Variance of one trial, as the variance of an effect is to be reckoned from it (Huber 1981, formula 6.6.7).</summary>
    public double Variance { get; private set; }

    /// <summary>Variance of a difference of two effects over the variance of one trial.</summary>
    public double[,] PairFactors { get; }

    private void Fit()
    {
        for (var i = 0; i < 3; i++) Sweep();
        var kept = Gauss.Winsorised(_huber);
        if (double.IsPositiveInfinity(_huber))
        {
            Variance = Residuals.Sum(r => r * r) / DegreesOfFreedom;
            Scale = Math.Sqrt(Variance);
            return;
        }
        // The median of absolute residuals, as consistent for normal ones, to begin with.
        var squared = Math.Pow(1.4826 * Spread.MedianOf(Residuals.Select(Math.Abs)), 2) * _of.Length / DegreesOfFreedom;
        var within = 1.0;
        for (var step = 0; step < MostSteps; step++)
        {
            var before = squared;
            for (var i = 0; i < 3; i++)
            {
                var limit = _huber * _huber * squared;
                var sum = 0.0;
                foreach (var r in Residuals) sum += Math.Min(r * r, limit);
                squared = Math.Max(1e-24, sum / (DegreesOfFreedom * kept));
            }
            within = Weigh(_huber * Math.Sqrt(squared));
            if (step > 1 && Math.Abs(squared - before) < 1e-5 * squared) break;
            for (var i = 0; i < 2; i++) Sweep();
        }
        Scale = Math.Sqrt(squared);
        var parameters = _of.Length - DegreesOfFreedom;
        var correction = 1 + ((double)parameters / _of.Length * (1 - within) / within);
        Variance = correction * correction * kept * squared / (within * within);
    }

    /// <returns>The share of observations that keep their full weight.</returns>
    private double Weigh(double limit)
    {
        var within = 0;
        for (var i = 0; i < _of.Length; i++)
        {
            var size = Math.Abs(Residuals[i]);
            _weights[i] = size <= limit ? 1 : limit / size;
            if (size <= limit) within++;
        }
        return Math.Max(1.0 / _of.Length, (double)within / _of.Length);
    }

    /// <summary>
    /// One round of weighted means: over each stack's trials of what blocks leave, and over each block's of what stacks leave.
    /// </summary>
    private void Sweep()
    {
        Array.Clear(Effects);
        Array.Clear(_weightOfStack);
        for (var i = 0; i < _of.Length; i++)
        {
            ref readonly var o = ref _of[i];
            Effects[o.Stack] += _weights[i] * (o.Value - _block[o.Block]);
            _weightOfStack[o.Stack] += _weights[i];
        }
        for (var s = 0; s < Effects.Length; s++) Effects[s] /= _weightOfStack[s];
        if (_blocked) SweepBlocks();
        for (var i = 0; i < _of.Length; i++) Residuals[i] = _of[i].Value - Effects[_of[i].Stack] - _block[_of[i].Block];
    }

    private void SweepBlocks()
    {
        Array.Clear(_block);
        Array.Clear(_weightOfBlock);
        for (var i = 0; i < _of.Length; i++)
        {
            ref readonly var o = ref _of[i];
            _block[o.Block] += _weights[i] * (o.Value - Effects[o.Stack]);
            _weightOfBlock[o.Block] += _weights[i];
        }
        var mean = 0.0;
        for (var b = 0; b < _block.Length; b++)
        {
            _block[b] /= _weightOfBlock[b];
            mean += _block[b] / _block.Length;
        }
        for (var b = 0; b < _block.Length; b++) _block[b] -= mean;
    }
}
