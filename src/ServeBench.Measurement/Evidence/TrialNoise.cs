using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Evidence;

/// <summary>How trials scatter in a simulated run; all on the scale of logarithms, so that values are lognormal.</summary>
/// <param name="Residual">Standard deviation of a trial within its block.</param>
/// <param name="Drift">Standard deviation of blocks.</param>
/// <param name="Contaminated">Share of trials in which something happened that cost 30 %.</param>
/// <param name="Unequal">True: every stack's residual is <paramref name="Residual"/> times a factor of its own, between 0.58 and
/// 1.73.</param>
internal sealed record TrialNoise(double Residual, double Drift, double Contaminated, bool Unequal)
{
    private static readonly double Accident = Math.Log(1.3);

    public override string ToString() =>
        $"{100 * Residual,2:0} % residual, {100 * Drift,2:0} % "
            + $"drift{(Contaminated > 0 ? $", 1 in {1 / Contaminated:0} contaminated" : "")}{(Unequal ? ", unequal" : "")}";

    /// <summary>Draws every stack's residual deviation.</summary>
    public double[] Deviations(SeededNoise noise, int stacks) =>
        [.. Enumerable.Range(0, stacks).Select(_ => Residual * (Unequal ? Math.Pow(3, noise.Uniform() - 0.5) : 1))];

    /// <summary>One block of one trial of each of some stacks.</summary>
    public IEnumerable<Observation> Block(
        SeededNoise noise, int block, IReadOnlyList<double> truth, double[] deviations, IEnumerable<int> stacks)
    {
        var drift = Drift * noise.Normal();
        foreach (var s in stacks)
        {
            var value = truth[s] + drift + (deviations[s] * noise.Normal());
            yield return new Observation(s, block, noise.Uniform() < Contaminated ? value - Accident : value);
        }
    }

    /// <summary>A whole run.</summary>
    public Observation[] Run(SeededNoise noise, IReadOnlyList<double> truth, int trials)
    {
        var deviations = Deviations(noise, truth.Count);
        int[] stacks = [.. Enumerable.Range(0, truth.Count)];
        return [.. Enumerable.Range(0, trials).SelectMany(b => Block(noise, b, truth, deviations, stacks))];
    }
}
