using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Evidence;

namespace ServeBench.Measurement.Tests.Evidence;

/// <summary>
/// A smaller version of <c>--target=Evidence --what=verdicts</c>: the published procedure keeps its promises, and each fault that
/// could be planted in it breaks one of them.
/// </summary>
[Lane("slow")]
public class VerdictEvidenceTests
{
    private const int Repetitions = 400;
    private static readonly TrialNoise Clean = new(0.04, 0.10, 0, false);
    private static readonly TrialNoise Dirty = new(0.04, 0.05, 0.05, true);

    [Theory]
    [InlineData(2, 4)]
    [InlineData(8, 6)]
    [InlineData(20, 4)]
    public void The_published_procedure_keeps_its_promises(int stacks, int trials)
    {
        foreach (var noise in (TrialNoise[])[Clean, Dirty])
        {
            foreach (var truth in (Truth[])[Truth.Equal, Truth.AtThreshold])
            {
                var rates = ErrorRates.Of(Procedure.Published, noise, truth, stacks, trials, Repetitions);
                // With two standard errors of chance.
                Assert.InRange(rates.FalseBetter, 0, 0.072);
                Assert.InRange(rates.FalseEquivalent, 0, 0.05);
                Assert.InRange(rates.Coverage, 0.908, 1);
            }
        }
    }

    [Fact]
    public void A_true_difference_of_fifteen_per_cent_is_found() =>
        Assert.InRange(ErrorRates.Of(Procedure.Published, Clean, Truth.Ahead(1.15), 8, 6, Repetitions).Power, 0.87, 1);

    [Fact]
    public void Planted_uncorrected_intervals_miss() =>
        Assert.InRange(ErrorRates.Of(Procedure.Published with { Corrected = false }, Clean, Truth.Equal, 8, 6, Repetitions).Coverage, 0, 0.85);

    [Fact]
    public void Planted_without_the_threshold_what_does_not_matter_is_called_better() =>
        Assert.InRange(ErrorRates.Of(Procedure.Published with { Shifted = false }, new TrialNoise(0.02, 0.1, 0, false), Truth.AtThreshold, 8, 6, Repetitions).FalseBetter, 0.3, 1);

    [Fact]
    public void Planted_without_blocks_drift_hides_what_is_there()
    {
        var rates = ErrorRates.Of(Procedure.Published with { Blocked = false }, Clean, Truth.Ahead(1.15), 8, 6, Repetitions);
        Assert.InRange(rates.Power, 0, 0.4);
        Assert.InRange(rates.Coverage, 0.985, 1);
    }

    [Fact]
    public void Planted_least_squares_finds_less_where_trials_are_contaminated()
    {
        var noise = new TrialNoise(0.04, 0.05, 0.05, false);
        var (robust, squares) = (ErrorRates.Of(Procedure.Published, noise, Truth.Ahead(1.15), 8, 6, Repetitions), ErrorRates.Of(Procedure.Published with { Huber = double.PositiveInfinity }, noise, Truth.Ahead(1.15), 8, 6, Repetitions));
        Assert.True(robust.Power > squares.Power + 0.1, $"{robust.Power} against {squares.Power}");
    }

    [Fact]
    public void Is_the_same_every_time()
    {
        var lines = new List<string>[] { [], [] };
        foreach (var of in lines) VerdictEvidence.Tell(of.Add, TestContext.Current.CancellationToken, repetitions: 4);
        Assert.Equal(lines[0], lines[1]);
        Assert.Contains(lines[0], l => l.Contains("false winner", StringComparison.Ordinal));
    }
}
