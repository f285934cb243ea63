using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Tests.Metrics;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Tests.Verdicts;

/// <summary>Who is at fault, and what a case is worth by its trials.</summary>
public sealed class StandingTests
{
    private static readonly TrialRecord Open = Facts.Record with { Load = Facts.Record.Load with { Loop = "open", Concurrency = null, Arrivals = "poisson", RatePerSecond = 100 } };

    [Theory]
    [InlineData("vvv", Standing.Valid)]
    [InlineData("viv", Standing.Valid)]
    [InlineData("vii", Standing.Invalid)]
    [InlineData("vi", Standing.Invalid)]
    [InlineData("i", Standing.Invalid)]
    [InlineData("vvs", Standing.Valid)]
    [InlineData("vss", Standing.Saturated)]
    [InlineData("vis", Standing.Saturated)] // of the two that count, one
    [InlineData("vvvsi", Standing.Valid)]
    [InlineData("vviii", Standing.Invalid)]
    public void A_case_stands_by_the_trials_that_count(string trials, Standing expected) =>
        Assert.Equal(expected, CaseStanding.Of([.. trials.Select(t => t switch { 'v' => Standing.Valid, 's' => Standing.Saturated, _ => Standing.Invalid })]));

    [Theory]
    [InlineData(0.05, null)]
    [InlineData(0.08, Severity.Note)]
    [InlineData(0.11, Severity.Invalid)]
    public void A_hypervisor_that_takes_more_than_a_tenth_spoils_the_trial(double steal, Severity? expected) =>
        Assert.Equal(expected, Found("cpu-taken-away", Facts.Record with { Client = Facts.Record.Client with { Steal = steal } })?.Severity);

    [Fact]
    public void Bodies_that_were_sent_before_are_said()
    {
        Assert.Null(Found("repeated-payloads", Facts.Record with { Payloads = new PayloadAudit(50, 200, 0) }));
        var found = Found("repeated-payloads", Facts.Record with { Payloads = new PayloadAudit(50, 200, 20) })!;
        Assert.Equal(Severity.Note, found.Severity);
        Assert.StartsWith("10.0 % of the window's bodies had been sent", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_in_which_no_rate_was_met_is_lost_or_says_nothing()
    {
        var failed = new ProbeRecord { OfferedPerSecond = 40, Requests = 80, Failures = 0, WindowSeconds = 2, Met = false, Why = "its p95 was 400 ms, the objective is 250 ms" };
        var spoiled = failed with { Why = null, Invalid = "the client was late" };
        Assert.Null(Found("no-rate-met", Search(40, failed with { OfferedPerSecond = 60 }, failed with { Met = true, Why = null })));
        var lost = Found("no-rate-met", Search(null, failed with { OfferedPerSecond = 60 }, failed, spoiled with { OfferedPerSecond = 20 }))!;
        Assert.Equal((Severity.Saturated, "no rate met the objectives; at the lowest tried, 40.0 requests/s, its p95 was 400 ms, the objective is 250 ms"), (lost.Severity, lost.Message));
        Assert.Equal(Severity.Invalid, Found("no-rate-met", Search(null, spoiled, spoiled))!.Severity);
    }

    [Fact]
    public void The_max_rate_is_that_of_the_search_and_applies_to_nothing_else()
    {
        var record = Search(40, new ProbeRecord { OfferedPerSecond = 40, Requests = 80, Failures = 0, WindowSeconds = 2, Met = true });
        Assert.Equal(40, new MaxRate().Measure(Facts.Of(Facts.Answered(200, _ => 1), record)).Value);
        Assert.True(new MaxRate().AppliesTo(record.Load));
        Assert.False(new MaxRate().AppliesTo(Facts.Record.Load));
        Assert.True(record.Load.Search!.IsAtLeast);
    }

    /// <summary>A server that does 50 a second at 100 asked works its queue off after the window: what it kept up is 50.</summary>
    [Fact]
    public void The_rate_held_counts_the_tail()
    {
        var facts = Facts.Of(Enumerable.Range(0, 200).Select(i => Facts.Answer(i * 10 * Facts.Millisecond, 20 + (10 * i))), Open);
        Assert.Equal(50, facts.Samples.HeldPerSecond!.Value, 0.5);
    }

    private static TrialRecord Search(double? met, params ProbeRecord[] probes) => Open with { Load = Open.Load with { Search = new SearchRecord { Probes = probes, MetPerSecond = met, Shown = 0 } } };

    private static Finding? Found(string rule, TrialRecord record) => VerdictRules.Check(Facts.Of(Facts.Answered(200, _ => 1), record)).SingleOrDefault(f => f.Rule == rule);
}
