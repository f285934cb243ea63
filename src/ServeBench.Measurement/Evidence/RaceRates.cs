using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Evidence;

/// <summary>How often races end wrongly, and what they cost, over simulated runs.</summary>
/// <param name="FalseWinner">Share of races in which any "better" was said, at any look, where the true ratio is 1.05 or less.</param>
/// <param name="Decided">Share that ended decided within the looks.</param>
/// <param name="Trials">Mean number of trials spent, all stacks together.</param>
internal readonly record struct RaceRates(double FalseWinner, double Decided, double Trials)
{
    /// <summary>Blocks hold the stacks still in contention only, as in a race.</summary>
    public static RaceRates Of(TrialNoise noise, Truth truth, int stacks, int most, int repetitions, double level = Racing.LevelOfLook)
    {
        var merits = truth.Merits(stacks);
        var (wrong, decided, spent) = (0, 0, 0L);
        Parallel.For(0, repetitions, repetition =>
        {
            var dice = new SeededNoise((ulong)repetition + (1UL << 32));
            var deviations = noise.Deviations(dice, stacks);
            var run = new List<Observation>();
            int[] racing = [.. Enumerable.Range(0, stacks)];
            var (erred, ended) = (false, false);
            for (var block = 0; block < most && !ended; block++)
            {
                run.AddRange(noise.Block(dice, block, merits, deviations, racing));
                if (block + 1 < Racing.FirstLook) continue;
                var result = BestAgainstRest.Of(run, stacks, block + 1, level, Procedure.Published)!;
                erred |= result.Rivals.Any(
                    r => r.Verdict == ComparisonVerdict.Better
                        && merits[result.Best] - merits[r.Stack] <= Procedure.Published.Threshold + 1e-9);
                racing = [result.Best, .. result.Rivals.Where(r => r.Verdict == ComparisonVerdict.Undecided).Select(r => r.Stack)];
                ended = racing.Length == 1;
            }
            if (erred) Interlocked.Increment(ref wrong);
            if (ended) Interlocked.Increment(ref decided);
            Interlocked.Add(ref spent, run.Count);
        });
        return new RaceRates((double)wrong / repetitions, (double)decided / repetitions, (double)spent / repetitions);
    }
}
