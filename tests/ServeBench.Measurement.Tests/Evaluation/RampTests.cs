using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Tests.Metrics;
using ServeBench.Measurement.Verdicts;
using ServeBench.Synthetic;

namespace ServeBench.Measurement.Tests.Evaluation;

/// <summary>A ramp is judged and told stage by stage, and never compared as if it were steady.</summary>
public sealed class RampTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    /// <summary>50 to 150/s in 1 s, a jump, 200/s for 1 s: 100 and 200 arrivals.</summary>
    private static readonly RampRecord Ramp = new(50, [new(1, 150), new(0, 200), new(1, 200)]);

    private static readonly TrialRecord Record = Facts.Record with
    {
        Case = Facts.Record.Case with { Question = "ramp" },
        Load = Facts.Record.Load with { Loop = "open", Concurrency = null, Ramp = Ramp },
    };

    [Fact]
    public void Each_stage_has_its_own_latency()
    {
        Assert.Equal(300, Domain.Plans.Ramp.Of(Ramp).Area, 9);
        var stages = Facts.Of(Samples(), Record).Samples.Stages;
        Assert.Equal([(50.0, 150.0, 100, 99), (200, 200, 200, 200)], stages.Select(s => (s.From, s.To, s.Requests, s.Successes)));
        Assert.Equal([0.010, 0.030], stages.Select(s => s.P50Seconds!.Value));
        Assert.Null(stages[0].P95Seconds); // 99 samples support none
        Assert.Equal(0.030, stages[1].P95Seconds);
    }

    [Fact]
    public void A_load_that_does_not_change_has_no_stages() => Assert.Empty(Facts.Of(Samples()).Samples.Stages);

    [Fact]
    public void Latency_that_grows_with_the_rate_is_no_fault_of_a_ramp()
    {
        Assert.DoesNotContain(VerdictRules.Check(Facts.Of(Samples(growth: 4), Record)), f => f.Rule == "rate-not-held");
        // The same samples at a steady rate are.
        var steady = Record with { Load = Record.Load with { Ramp = null, Arrivals = "constant", RatePerSecond = 150 } };
        Assert.Contains(VerdictRules.Check(Facts.Of(Samples(growth: 4), steady)), f => f.Rule == "rate-not-held");
    }

    [Fact]
    public void A_ramp_whose_arrivals_are_not_those_that_were_due_is_invalid()
    {
        Assert.DoesNotContain(VerdictRules.Check(Facts.Of(Samples(), Record)), f => f.Rule == "schedule-not-kept");
        Assert.Contains(VerdictRules.Check(Facts.Of(Samples().Skip(3), Record)), f => f.Rule == "schedule-not-kept" && f.Message.Contains("297 arrivals where about 300 were due", StringComparison.Ordinal));
    }

    /// <summary>150/s over the window are far from half of what the driver can do; its last second is not.</summary>
    [Theory]
    [InlineData(430, false)]
    [InlineData(390, true)]
    public void The_busiest_part_is_held_against_the_drivers_ceiling(double ceiling, bool invalid) =>
        Assert.Equal(invalid, VerdictRules.Check(Facts.Of(Samples(), Record, Facts.Calibration with { MaximumRequestsPerSecond = ceiling })).Any(f => f.Rule == "client-near-its-ceiling"));

    [Fact]
    public void A_ramp_is_measured_and_takes_part_in_no_comparison()
    {
        var results = RunEvaluator.Evaluate(new SyntheticRun { Workloads = [SyntheticWorkload.Ramp] }.Write(_temporary.Path));
        Assert.NotEmpty(results.Cases);
        Assert.All(results.Cases, c => Assert.Equal(("ramp", true), (c.Question, c.Valid)));
        Assert.All(results.Cases, c => Assert.Equal(2, c.Stages!.Count));
        Assert.All(results.Cases, c => Assert.Equal(3, c.Stages![0].Requests.Trials));
        Assert.All(results.Cases, c => Assert.DoesNotContain("serving-efficiency", c.Metrics.Keys));
        Assert.Empty(results.Answers);
        Assert.Empty(results.Comparisons);
        Assert.Empty(results.NoiseFloors);
    }

    private static IEnumerable<Sample> Samples(double growth = 0)
    {
        var at = new List<double>();
        for (var k = 1; k <= 100; k++) at.Add(Math.Sqrt(0.25 + k * 0.02) - 0.5); // 50 t + 50 t^2 = k
        for (var k = 1; k <= 200; k++) at.Add(1 + k / 200.0);
        return at.Select((t, i) => Facts.Answer(Math.Min((long)(t * 1e9), (i < 100 ? 1 : 2) * 1_000_000_000L - 1), (t < 1 ? 10 : 30) + (growth * 100 * t), i == 5 ? Outcome.Timeout : Outcome.Success));
    }
}
