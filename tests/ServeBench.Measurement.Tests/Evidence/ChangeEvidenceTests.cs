using ServeBench.Measurement.Evidence;

namespace ServeBench.Measurement.Tests.Evidence;

/// <summary>A smaller version of <c>--target=Evidence --what=compare</c>.</summary>
public class ChangeEvidenceTests
{
    private const int Repetitions = 500;
    private static readonly TrialNoise Clean = new(0.02, 0.01, 0, false);
    private static readonly TrialNoise Dirty = new(0.04, 0.05, 0.05, true);

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 6)]
    [InlineData(8, 4)]
    [Lane("slow")]
    public void The_same_code_is_no_regression_and_neither_is_what_does_not_matter(int stacks, int trials)
    {
        foreach (var noise in (TrialNoise[])[Clean, Dirty])
        {
            Assert.InRange(ChangeRates.Of(noise, 1, stacks, trials, Repetitions).FalseAlarm, 0, 0.05);
            var edge = ChangeRates.Of(noise, 1 / 1.05, stacks, trials, Repetitions);
            // With two standard errors of chance.
            Assert.InRange(edge.FalseAlarm, 0, 0.07);
            Assert.InRange(edge.FalseUnchanged, 0, 0.07);
        }
    }

    [Fact]
    public void A_loss_of_a_tenth_is_found_where_trials_are_steady_and_enough() => Assert.InRange(ChangeRates.Of(Clean, 0.9, 2, 10, Repetitions).Found, 0.9, 1);

    [Fact]
    public void Planted_a_machine_that_changes_between_runs_raises_false_alarms() =>
        Assert.InRange(ChangeRates.Of(Clean, 1, 2, 6, Repetitions, between: 0.10).FalseAlarm, 0.1, 1);

    [Fact]
    public void Is_the_same_every_time()
    {
        var lines = new List<string>[] { [], [] };
        foreach (var of in lines) ChangeEvidence.Tell(of.Add, TestContext.Current.CancellationToken, repetitions: 4);
        Assert.Equal(lines[0], lines[1]);
    }
}
