using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Tests.Metrics;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Tests.Verdicts;

/// <summary>Every rule on both sides of its limit.</summary>
public class VerdictRuleTests
{
    private static readonly TrialRecord Open = Facts.Record with
    {
        Case = Facts.Record.Case with { Question = "latency" },
        Load = Facts.Record.Load with { Loop = "open", Concurrency = null, Arrivals = "constant", RatePerSecond = 100 },
    };

    [Fact]
    public void A_good_trial_gives_no_cause()
    {
        Assert.Empty(VerdictRules.Check(Facts.Of(Facts.Answered(200, _ => 10))));
        Assert.Empty(VerdictRules.Check(Facts.Of(Facts.Answered(200, _ => 10), Open)));
    }

    [Theory]
    [InlineData(998, false)] // 499 requests/s against a ceiling of 1,000
    [InlineData(1000, true)]
    public void A_rate_within_a_factor_of_two_of_the_drivers_ceiling(int requests, bool invalid) =>
        Check("client-near-its-ceiling", Facts.Of(Facts.Answered(requests, _ => 1)), invalid, "within a factor of 2 of the 1,000 requests/s");

    /// <summary>A closed loop of 100 requests/s that may be as fast, and one that was held back; an open loop is held back where it was cut.</summary>
    [Fact]
    public void A_load_that_its_bound_held_back_shows_the_bound()
    {
        TrialFacts Closed(double most) => Facts.Of(Facts.Answered(200, _ => 1), Facts.Record with { Load = Facts.Record.Load with { MostPerSecond = most } });
        Check("rate-bound-reached", Closed(106), false, "");
        Check("rate-bound-reached", Closed(105), true, "as many as the 105 requests/s that it may be sent at most");
        TrialFacts Cut(bool? isCut) => Facts.Of(Facts.Answered(200, _ => 1), Open with { Load = Open.Load with { MostPerSecond = 100, IsCut = isCut } });
        Check("rate-bound-reached", Cut(null), false, "");
        Check("rate-bound-reached", Cut(true), true, "its load was cut at the 100 requests/s");
    }

    [Fact]
    public void Without_a_calibration_the_bottleneck_is_unknown()
    {
        var facts = Facts.Of(Facts.Answered(200, _ => 1)) with { Calibration = null };
        Assert.Equal(Severity.Note, Assert.Single(VerdictRules.Check(facts)).Severity);
    }

    [Theory]
    [InlineData(0.8, false)]
    [InlineData(0.81, true)]
    public void Busy_client_cores(double busy, bool invalid) =>
        Check("client-cores-busy", Facts.Of(Facts.Answered(200, _ => 1), Facts.Record with { Client = Facts.Record.Client with { CoresBusy = busy } }), invalid, "81.0 % busy, the limit is 80 %");

    [Theory]
    [InlineData(0.3, "the client had too little of its cores: they were 90.0 % busy, the limit is 80 %, and the driver itself used 30.0 %")]
    [InlineData(0.7, "the client was the bottleneck: its cores were 90.0 % busy")]
    public void Busy_client_cores_say_whose_work_it_was(double own, string said) =>
        Check("client-cores-busy", Facts.Of(Facts.Answered(200, _ => 1), Facts.Record with { Client = Facts.Record.Client with { CoresBusy = 0.9, CpuSeconds = own * Facts.Record.WindowSeconds } }), true, said);

    [Fact]
    public void Unknown_use_of_the_clients_cores_is_a_note() =>
        Assert.Equal(Severity.Note, Assert.Single(VerdictRules.Check(Facts.Of(Facts.Answered(200, _ => 1), Facts.Record with { Client = Facts.Record.Client with { CoresBusy = null } }))).Severity);

    /// <summary>Fresh, at rest, after a while, and never: a note at most, since it is what an earlier load has left.</summary>
    [Theory]
    [InlineData(null, true, null)]
    [InlineData(0.4, true, null)]
    [InlineData(4.2, true, "the server needed 4.20 s to work off the load before")]
    [InlineData(30.0, false, "30.0 s after the load before it, the server still did not answer one request alone in time")]
    public void A_server_that_has_an_earlier_load_to_work_off(double? seconds, bool recovered, string? said)
    {
        var record = Facts.Record with { Recovery = seconds is { } waited ? new RecoveryRecord(waited, recovered) : null };
        var findings = VerdictRules.Check(Facts.Of(Facts.Answered(200, _ => 10), record));
        if (said is null)
        {
            Assert.Empty(findings);
            return;
        }
        var finding = Assert.Single(findings);
        Assert.Equal(("slow-recovery", Severity.Note), (finding.Rule, finding.Severity));
        Assert.StartsWith(said, finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_server_that_was_killed_for_memory(int kills, bool invalid) =>
        Check("killed-for-memory", OnServer(s => s with { OomKills = kills }), invalid, "killed 1 process of the server");

    [Theory]
    [InlineData(0.05, false)]
    [InlineData(0.06, true)]
    public void A_quota_that_stopped_the_server_for_long(double share, bool noted)
    {
        // Over two cores; that it was stopped in almost every period does not matter by itself.
        var stopped = share * Facts.Record.WindowSeconds * 2;
        Note("quota-throttled", OnServer(s => s with { Cpus = [0, 1], QuotaPeriods = 40, ThrottledPeriods = 39, ThrottledSeconds = stopped }), noted, "stopped the server for 6.00 % of its time, in 39 of 40 periods");
    }

    [Theory]
    [InlineData(0.14, false)]
    [InlineData(0.16, true)]
    public void Something_else_on_the_servers_cores(double share, bool noted)
    {
        var foreign = share * Facts.Record.WindowSeconds * 2;
        Note("foreign-load", OnServer(s => s with { Cpus = [0, 1], CpuSeconds = 1, CoresBusySeconds = 1 + foreign, OtherContainersCpuSeconds = 1.5 }), noted,
            "busy with something else for 16.0 % of the window, the limit is 15 %; other containers used 1.50 CPU-seconds");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Dropped_arrivals(int dropped, bool invalid) =>
        Check("dropped-arrivals", Facts.Of(With(Outcome.Dropped, dropped)), invalid, "1 of 2,001 arrivals");

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Answers_that_the_protocol_does_not_describe(int wrong, bool invalid) =>
        Check("wrong-answers", Facts.Of(With(Outcome.WrongAnswer, wrong)), invalid, "1 of 2,001 answers was not what the protocol describes");

    [Fact]
    public void Answers_that_differ_from_the_references() =>
        Check("wrong-answers", Facts.Of(Facts.Answered(200, _ => 1), Facts.Record with { Checks = new AnswerChecks(10, 2, "cosine 0.31") }), true, "2 of 10 answers compared with the references were wrong; the first: cosine 0.31");

    [Theory]
    [InlineData(20, false)] // 20 of 2,020 are 0.99 %, the objective allows 1 %
    [InlineData(21, true)]
    public void More_failures_than_the_objective_allows(int failures, bool invalid) =>
        Check("too-many-failures", Facts.Of(With(Outcome.ServerError, failures)), invalid, "(21 5xx), the workload allows 1 %");

    [Theory]
    [InlineData(Outcome.ClientError, 1, true)]
    [InlineData(Outcome.ClientFault, 1, true)]
    [InlineData(Outcome.Rejected, 15, false)]
    public void Requests_that_the_server_calls_wrong_are_this_sides_fault(Outcome outcome, int count, bool invalid) =>
        Check("wrong-requests", Facts.Of(With(outcome, count)), invalid, "the server answered to 1 of 2,001 requests that they were wrong (1 ");

    /// <summary>A refusal is a result: too many of them and the server has lost, which is not INVALID.</summary>
    [Fact]
    public void Rejected_requests_count_as_failures()
    {
        var facts = Facts.Of(With(Outcome.Rejected, 2000)) with { Calibration = Facts.Calibration with { MaximumRequestsPerSecond = 1e6 } };
        Assert.Equal(Severity.Saturated, VerdictRules.Check(facts).Max(f => f.Severity));
        Assert.Contains(VerdictRules.Check(facts), f => f.Rule == "too-many-failures" && f.Message.Contains("2,000 rejected", StringComparison.Ordinal));
    }

    /// <summary>They come in a fiftieth of the time of an answer and change no latency.</summary>
    [Fact]
    public void Fast_refusals_do_not_make_a_server_look_fast()
    {
        Sample[] answers = [.. Facts.Answered(500, _ => 50)];
        Sample[] refusals = [.. Enumerable.Range(0, 2000).Select(i => Facts.Answer(0, i % 2 == 0 ? 1 : 3, Outcome.Rejected))];
        var (without, with) = (Facts.Of(answers).Samples, Facts.Of([.. answers, .. refusals]).Samples);
        Assert.Equal(without.EndToEnd.ToArray(), with.EndToEnd.ToArray());
        Assert.Equal(without.Service.ToArray(), with.Service.ToArray());
        var latency = Assert.Single(with.FailureLatencies);
        Assert.Equal(("rejected", 0.003), (latency.Key, Math.Round(latency.Value.LongestSeconds, 9)));
        Assert.InRange(latency.Value.MedianSeconds, 0.001, 0.003);
        Assert.Empty(without.FailureLatencies);
    }

    [Fact]
    public void A_server_that_died() =>
        Check("server-disturbed", Facts.Of(Facts.Answered(200, _ => 1), Facts.Record with { Disturbance = "the server ended with code 139." }), true, "the server ended with code 139");

    [Fact]
    public void Nothing_to_measure()
    {
        Check("no-success", Facts.Of([]), true, "no request fell into the measured window");
        Check("no-success", Facts.Of([Facts.Answer(0, 1, Outcome.Timeout)]), true, "none of 1 request succeeded");
    }

    // Latency that grows by g seconds per second: the server answers 1/(1+g) of the rate.
    [Theory]
    [InlineData(0.05, false)] // 95.2 %
    [InlineData(0.06, true)] // 94.3 %
    [InlineData(-0.3, false)]
    public void An_open_loop_whose_queue_grows(double growth, bool invalid) =>
        Check("rate-not-held", Facts.Of(Facts.Answered(200, i => 700 + (growth * i * 10)), Open), invalid, "about 94 % of the rate asked, the limit is 95 %");

    [Theory]
    [InlineData(1.0, 10, false)] // a tenth of the latency
    [InlineData(1.1, 10, true)]
    [InlineData(0.2, 0.3, false)] // too little to count, whatever its share
    [InlineData(0.21, 0.3, true)]
    public void A_client_that_sends_late(double lag, double latency, bool invalid) =>
        Check("client-late", Facts.Of(Enumerable.Range(0, 200).Select(i => Facts.Answer(i * 10 * Facts.Millisecond, latency, lag: (long)(lag * Facts.Millisecond))), Open), invalid, "after the request was due at p95, where latency is");

    [Fact]
    public void A_closed_loop_is_never_late() =>
        Check("client-late", Facts.Of(Enumerable.Range(0, 200).Select(i => Facts.Answer(i * 10 * Facts.Millisecond, 10, lag: 9 * Facts.Millisecond))), false, "");

    [Fact]
    public void A_closed_loop_has_no_rate_to_hold() =>
        Check("rate-not-held", Facts.Of(Facts.Answered(200, i => 100 + i)), false, "");

    [Theory]
    [InlineData("constant", 198, false)] // 200 are due
    [InlineData("constant", 197, true)]
    [InlineData("constant", 203, true)]
    [InlineData("poisson", 270, false)] // five standard deviations are 70.7
    [InlineData("poisson", 271, true)]
    [InlineData("poisson", 129, true)]
    public void Arrivals_that_were_due(string arrivals, int made, bool invalid) =>
        Check("schedule-not-kept", Facts.Of(Facts.Answered(made, _ => 1), Open with { Load = Open.Load with { Arrivals = arrivals } }), invalid, $"made {made} arrivals where about 200 were due");

    [Fact]
    public void Warm_up_that_never_settled_is_a_note()
    {
        var record = Facts.Record with { WarmUp = new WarmUpRecord(false, 4, [new WarmUpWindow(0.5, 1, null, null)]) };
        var finding = Assert.Single(VerdictRules.Check(Facts.Of(Facts.Answered(200, _ => 1), record)));
        Assert.Equal(("warm-up-not-settled", Severity.Note), (finding.Rule, finding.Severity));
    }

    [Fact]
    public void A_warm_up_of_fixed_length_says_that_it_was_one()
    {
        var warmUp = new WarmUpRecord(false, 3, [new WarmUpWindow(0.5, 1, null, null)], FixedLength: true);
        var finding = Assert.Single(VerdictRules.Check(Facts.Of(Facts.Answered(200, _ => 1), Facts.Record with { WarmUp = warmUp })));
        Assert.Equal(("warm-up-not-settled", Severity.Note), (finding.Rule, finding.Severity));
        Assert.Contains("when its warm-up of fixed length was over", finding.Message, StringComparison.Ordinal);
        Assert.Empty(VerdictRules.Check(Facts.Of(Facts.Answered(200, _ => 1), Facts.Record with { WarmUp = warmUp with { Settled = true } })));
    }

    [Theory]
    [InlineData(0.05, 0, null)]
    [InlineData(0.06, 0, "took away 6.00 % of the time of the client's cores")]
    [InlineData(0, 0.05, null)]
    [InlineData(0, 0.07, "took away 7.00 % of the time of the server's cores")]
    [InlineData(0.06, 0.07, "took away 7.00 % of the time of the server's cores and 6.00 % of the time of the client's cores")]
    public void Time_that_the_hypervisor_took_is_a_note(double ofClient, double ofServer, string? said)
    {
        var record = Facts.Record with
        {
            Client = Facts.Record.Client with { Steal = ofClient },
            Server = Facts.Record.Server with { Cpus = [1, 2], StolenSeconds = ofServer * Facts.Record.WindowSeconds * 2 },
        };
        Note("cpu-taken-away", Facts.Of(Facts.Answered(200, _ => 1), record), said is not null, said ?? "");
    }

    private static readonly string[] Lost = ["killed-for-memory", "no-success", "rate-not-held", "server-disturbed", "too-many-failures", "wrong-answers"];

    [Theory]
    [InlineData(10, Severity.Invalid)] // every 10 ms one is answered: 100 a second, as asked
    [InlineData(20, Severity.Saturated)]
    public void Arrivals_dropped_because_the_server_fell_behind_are_its_own_fault(int every, Severity severity)
    {
        var answered = Enumerable.Range(0, 200).Select(i => Facts.Answer(i * 10 * Facts.Millisecond, 5 + ((every - 10) * i)));
        var found = VerdictRules.Check(Facts.Of([.. answered, Facts.Answer(0, 1, Outcome.Dropped)], Open));
        Assert.Equal(severity, found.Single(f => f.Rule == "dropped-arrivals").Severity);
    }

    private static IEnumerable<Sample> With(Outcome outcome, int count) =>
        [.. Facts.Answered(2000, _ => 1), .. Enumerable.Range(0, count).Select(_ => Facts.Answer(0, 1, outcome))];

    private static void Check(string rule, TrialFacts facts, bool invalid, string message)
    {
        // A ceiling far away, unless it is the ceiling that is tested.
        if (rule != "client-near-its-ceiling") facts = facts with { Calibration = Facts.Calibration with { MaximumRequestsPerSecond = 1e6 } };
        var found = VerdictRules.Check(facts).SingleOrDefault(f => f.Rule == rule);
        Assert.Equal(invalid, found is not null);
        if (found is null) return;
        // Faults of the client and of the machine say nothing of the server; its own make it lose.
        Assert.Equal(Lost.Contains(rule) && facts.Samples.Count > 0 ? Severity.Saturated : Severity.Invalid, found.Severity);
        Assert.Contains(message, found.Message, StringComparison.Ordinal);
        Assert.NotEmpty(found.Advice);
    }

    private static TrialFacts OnServer(Func<ServerUse, ServerUse> change) =>
        Facts.Of(Facts.Answered(200, _ => 1), Facts.Record with { Server = change(Facts.Record.Server) });

    private static void Note(string rule, TrialFacts facts, bool noted, string message)
    {
        var found = VerdictRules.Check(facts).Where(f => f.Rule == rule).ToArray();
        if (!noted)
        {
            Assert.Empty(found);
            return;
        }
        Assert.Equal(Severity.Note, Assert.Single(found).Severity);
        Assert.Contains(message, found[0].Message, StringComparison.Ordinal);
    }
}
