using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Tests.Statistics;

public class AdditiveFitTests
{
    private static readonly double[] Stack = [0, -0.3, -0.1];
    private static readonly double[] Block = [0.2, -0.1, 0.05, 0];

    [Fact]
    public void Finds_what_is_exactly_there_even_with_cells_missing()
    {
        var fit = new AdditiveFit([.. Cells().Where(o => o is not { Stack: 1, Block: 2 } and not { Stack: 0, Block: 0 })], 3, 4, 1.5);
        Assert.Equal(0.3, fit.Effects[0] - fit.Effects[1], 6);
        Assert.Equal(0.1, fit.Effects[0] - fit.Effects[2], 6);
        Assert.Equal(4, fit.DegreesOfFreedom);
        Assert.True(fit.PairFactors[0, 1] > 2.0 / 3);
    }

    [Fact]
    public void Complete_blocks_give_two_over_n() => Assert.Equal(0.5, new AdditiveFit([.. Cells()], 3, 4, 1.5).PairFactors[0, 2], 9);

    [Fact]
    public void One_contaminated_trial_moves_its_stack_by_little()
    {
        var clean = new Measurement.Evidence.TrialNoise(0.02, 0.1, 0, false).Run(new Measurement.Evidence.SeededNoise(3), new double[8], 6);
        Observation[] dirty = [.. clean.Select(o => o is { Stack: 0, Block: 1 } ? o with { Value = o.Value - 0.3 } : o)];
        double Moved(double huber) => Math.Abs(Difference(clean, huber) - Difference(dirty, huber));
        Assert.Equal(0.05, Moved(double.PositiveInfinity), 4);
        Assert.InRange(Moved(1.5), 0, 0.02);
    }

    private static double Difference(Observation[] of, double huber)
    {
        var fit = new AdditiveFit(of, 8, 6, huber);
        return fit.Effects[0] - fit.Effects[1];
    }

    private static IEnumerable<Observation> Cells() =>
        from s in Enumerable.Range(0, 3) from b in Enumerable.Range(0, 4) select new Observation(s, b, Stack[s] + Block[b]);
}
