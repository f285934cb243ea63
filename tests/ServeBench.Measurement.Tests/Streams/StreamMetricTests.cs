using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Streams;
using ServeBench.Measurement.Tests.Metrics;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Tests.Streams;

/// <summary>The definitions of method.md on answers whose tokens came at known times.</summary>
public class StreamMetricTests
{
    private const long Ms = Facts.Millisecond;

    private static readonly TrialRecord Record = Facts.Record with
    {
        Load = Facts.Record.Load with
        {
            StreamUnit = SampleSeries.Tokens, ItemsPerRequest = 1, MeanPromptTokens = 128, ObjectiveTtftP95Seconds = 0.1, ObjectiveItlP95Seconds = 0.02,
        },
    };

    /// <param name="Events">When each event came, ms after the send, and its tokens.</param>
    private sealed record Answer(long LagMs, long LastMs, (long Ms, long Tokens)[] Events, Outcome Outcome = Outcome.Success);

    private static TrialFacts Of(params Answer[] answers) => Of(Record, answers);

    private static TrialFacts Of(TrialRecord record, params Answer[] answers)
    {
        var table = new SampleTable();
        var (events, tokens) = (new SampleSeries(SampleSeries.Events), new SampleSeries(SampleSeries.Tokens));
        for (var i = 0; i < answers.Length; i++)
        {
            var (a, at) = (answers[i], i * 10 * Ms);
            table.Add(new Sample(at, at + (a.LagMs * Ms), at + (a.LagMs * Ms), at + (a.LastMs * Ms), a.Outcome, 200, 1, 100, 0));
            events.Set(i, [.. a.Events.Select(e => e.Ms * Ms)]);
            tokens.Set(i, [.. a.Events.Select(e => e.Tokens)]);
        }
        table.Add(events);
        table.Add(tokens);
        return new TrialFacts(record with { SampleCount = table.Count }, new SampleDigester().Digest(record, table), Facts.Calibration, null);
    }

    private static double? Value(string id, TrialFacts facts) => ((ITrialMetric)MetricCatalogue.Get(id)).Measure(facts).Value;

    /// <summary>A role, a token, two tokens, an empty piece, a token, the numbers at the end.</summary>
    private static readonly Answer Mixed = new(2, 100, [(10, 0), (20, 1), (50, 2), (60, 0), (90, 1), (98, 0)]);

    [Fact]
    public void A_piece_without_text_is_no_token_and_several_in_one_come_together()
    {
        var streams = Of(Mixed).Samples.Streams!;
        // From the intended send: the client was 2 ms late.
        Assert.Equal([22 * Ms], streams.Ttft.ToArray());
        Assert.Equal([30 * Ms, 40 * Ms], streams.Itl.ToArray());
        Assert.Equal([(100 - 22) * Ms / 3], streams.Tpot.ToArray());
        Assert.Equal([(90 - 20) * Ms / 3], streams.Pace.ToArray());
        Assert.Equal(4, streams.Tokens);
        Assert.Equal([(0.022, 1), (0.052, 3), (0.092, 4)], streams.Example.Select(s => (s.Seconds, s.Tokens)));
    }

    [Fact]
    public void Throughput_counts_the_tokens_of_successes_and_cut_streams_are_told()
    {
        var cut = new Answer(0, 60, [(20, 1), (50, 1)], Outcome.Disconnected);
        var refused = new Answer(0, 5, [], Outcome.Refused);
        var facts = Of(Mixed, Mixed, cut, refused);
        Assert.Equal(8 / Record.WindowSeconds, Value(OutputThroughput.MetricId, facts));
        Assert.Equal(4, Value(OutputLength.MetricId, facts));
        Assert.Equal(0.25, Value(CutStreams.MetricId, facts));
        Assert.Equal(128, Value(PromptLength.MetricId, facts));
        Assert.Equal(3 / 0.070, Value(OutputPerUser.MetricId, facts)!.Value, 3);
        // What failed has no times.
        Assert.Equal(2, facts.Samples.Streams!.Ttft.Length);
        Assert.Equal(4, facts.Samples.Streams.Itl.Length);
    }

    [Fact]
    public void A_level_is_held_against_the_raw_runtime_with_as_many_in_a_batch()
    {
        var facts = Of(Mixed, Mixed) with { CeilingAtItemsInFlight = 1.25 };
        Assert.Equal(0.8, Value(ServingEfficiencyAtBatch.MetricId, facts));
        Assert.Null(Value(ServingEfficiencyAtBatch.MetricId, Of(Mixed)));
    }

    [Fact]
    public void One_token_has_no_gap_and_no_time_per_token()
    {
        var facts = Of(new Answer(0, 30, [(20, 1), (25, 0)]));
        Assert.True(facts.Samples.Streams is { Itl.Length: 0, Tpot.Length: 0, Pace.Length: 0, Ttft.Length: 1 });
        Assert.Null(Value(OutputPerUser.MetricId, facts));
        Assert.Equal("no streamed answer succeeded", ((ITrialMetric)MetricCatalogue.Get(StreamPercentiles.ItlP50)).Measure(facts).Reason);
    }

    [Fact]
    public void Percentiles_are_there_where_the_samples_support_them()
    {
        var facts = Of([.. Enumerable.Range(1, 64).Select(i => new Answer(0, 10 + i, [(i, 1), (i + 4, 1)]))]);
        Assert.Equal(0.0325, Value(StreamPercentiles.TtftP50, facts));
        Assert.NotNull(Value(StreamPercentiles.TtftP90, facts));
        Assert.Null(Value(StreamPercentiles.TtftP95, facts));
        Assert.Equal(0.004, Value(StreamPercentiles.ItlP90, facts));
    }

    /// <summary>A fast first token, and gaps of 10 ms: within 100 ms and 20 ms. The others miss one of the two.</summary>
    [Fact]
    public void Goodput_asks_for_the_first_token_and_the_gaps()
    {
        var good = new Answer(0, 60, [(20, 1), (30, 1), (40, 1)]);
        var late = new Answer(0, 160, [(120, 1), (130, 1)]);
        var slow = new Answer(0, 160, [(20, 1), (70, 1)]);
        var behind = new Answer(90, 160, [(20, 1), (30, 1)]); // the client's lateness counts
        Assert.Equal(1, Of(good, late, slow, behind).Samples.WithinObjective);
        var without = Record with { Load = Record.Load with { ObjectiveTtftP95Seconds = null, ObjectiveItlP95Seconds = null } };
        Assert.Equal(4, Of(without, good, late, slow, behind).Samples.WithinObjective);
    }

    [Fact]
    public void Answers_that_are_whole_have_none_of_it()
    {
        var facts = Facts.Of(Facts.Answered(20, _ => 10));
        Assert.Null(facts.Samples.Streams);
        Assert.All(
            MetricCatalogue.OfTrials.Where(m => m.Id.StartsWith("ttft", StringComparison.Ordinal) || m.Id is OutputThroughput.MetricId or CutStreams.MetricId),
            m => Assert.False(m.AppliesTo(Facts.Record.Load)));
    }

    /// <summary>Of 20 answers one first token may be late, and of their gaps a twentieth.</summary>
    [Theory]
    [InlineData(20, 1, 1, true)]
    [InlineData(20, 2, 0, false)]
    [InlineData(20, 0, 2, false)]
    [InlineData(19, 0, 0, null)]
    public void Objectives_are_held_where_at_most_a_twentieth_is_late(int answers, int late, int slow, bool? held)
    {
        var facts = Of([.. Enumerable.Range(0, answers).Select(i =>
            new Answer(0, 400, [(i < late ? 120 : 20, 1), (i < late ? 130 : i >= answers - slow ? 70 : 30, 1)]))]);
        Assert.Equal(held, StreamObjectives.Held(facts, [Severity.Note]).Value);
        Assert.False(StreamObjectives.Held(facts, [Severity.Saturated]).Value);
        // Where the client or the machine was at fault, nobody knows.
        Assert.Null(StreamObjectives.Held(facts, [Severity.Invalid]).Value);
    }

    /// <summary>Whoever sends an answer in one piece has no gaps, which says nothing of how users would like them.</summary>
    [Fact]
    public void Answers_in_one_piece_hold_no_objective_on_gaps()
    {
        var (held, unknown) = StreamObjectives.Held(Of([.. Enumerable.Repeat(new Answer(0, 400, [(20, 8)]), 30)]), []);
        Assert.Null(held);
        Assert.Contains("one piece", unknown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ttttt", 16)]
    [InlineData("ttfft", 4)]
    [InlineData("ftttt", 0)]
    [InlineData("tt?ft", null)]
    [InlineData("ttf?t", 4)]
    public void Users_are_held_up_to_the_first_level_that_misses_an_objective(string held, int? users)
    {
        int[] levels = [1, 4, 8, 12, 16];
        SweepPoint[] sweep = [.. levels.Select((l, i) => new SweepPoint(l, 1) { Users = l, Held = held[i] == '?' ? (null, "p95 needs more") : (held[i] == 't', null) })];
        var metric = (ISweepMetric)MetricCatalogue.Get(UsersHeld.MetricId);
        Assert.All(sweep, p => Assert.Equal(users, (int?)metric.Measure(p, [.. sweep.Reverse()]).Value));
        Assert.True(metric.AppliesTo(Record.Load));
        Assert.False(metric.AppliesTo(Facts.Record.Load));
    }
}
