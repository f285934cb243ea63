using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.K6.Results;

namespace ServeBench.Load.Tests.K6.Results;

/// <summary>Raw output that real k6 of both supported major versions has written.</summary>
public class SampleBuilderTests
{
    private const long Millisecond = 1_000_000;

    public static TheoryData<string> Versions { get; } = ["1.8.1", "2.2.0"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_closed_loop_goes_on_as_soon_as_its_slot_is_free(string version)
    {
        var (samples, builder) = Build($"closed-{version}.csv.gz", new ClosedLoop(2));
        Assert.InRange(samples.Length, 80, 100); // 2 slots, 1 s, 20 ms and a little more each
        Assert.All(samples, s => Assert.Equal((Outcome.Success, (ushort)200, 1, 221), (s.Outcome, s.Status, s.Items, s.ResponseBytes)));
        Assert.All(samples, s => Assert.InRange(s.Service, 20 * Millisecond, 100 * Millisecond));
        Assert.All(samples, s => Assert.InRange(s.Lag, 0, 100 * Millisecond));
        Assert.All(samples, s => Assert.True(s.Intended <= s.Sent && s.Sent <= s.First && s.First <= s.Last));
        Assert.Equal([0, 1, 2], samples.Select(s => s.Payload).Distinct().Order());
        Assert.Equal(0, builder.Exceptions);
        // Two slots: never are more than two requests under way.
        Assert.All(samples, s => Assert.InRange(samples.Count(o => o.Sent <= s.Sent && o.Last > s.Sent), 1, 2));
    }

    /// <summary>The audit of payloads needs every request, those of the warm-up and of the margins among them.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_request_outside_the_window_tells_its_payload(string version)
    {
        var (samples, builder) = Build($"closed-{version}.csv.gz", new ClosedLoop(2));
        var outside = builder.Outside();
        var raw = RecordedCase.Read($"closed-{version}.csv.gz");
        Assert.Equal(raw.WarmUp.Concat(raw.Measure).Count(i => i.RequestEnd != 0), outside.Before.Count + samples.Length + outside.After.Count);
        Assert.True(outside.Before.Count > raw.WarmUp.Count && outside.After.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Constant_arrivals_are_due_when_the_schedule_says(string version)
    {
        var (samples, _) = Build($"constant-{version}.csv.gz", new OpenLoop("constant", 24.5));
        Assert.InRange(samples.Length, 24, 25);
        var due = samples.Select(s => s.Intended).Order().ToArray();
        Assert.All(due.Zip(due.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 40_816_326, 40_816_327));
        Assert.All(samples, s => Assert.InRange(s.Lag, 0, 100 * Millisecond));
        Assert.All(samples, s => Assert.Equal(s.Lag + s.Service, s.EndToEnd));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Poisson_arrivals_are_those_of_the_file(string version)
    {
        var (samples, _) = Build($"poisson-{version}.csv.gz", new OpenLoop("poisson", 122));
        var arrivals = RecordedCase.Timing(new OpenLoop("poisson", 122)).Arrivals;
        Assert.Equal(arrivals.Where(t => t is >= 200 * Millisecond and < 1200 * Millisecond).Select(t => t - 200 * Millisecond), samples.Select(s => s.Intended).Order());
        Assert.All(samples, s => Assert.InRange(s.Lag, 0, 100 * Millisecond));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void An_iteration_that_throws_is_a_failure_though_k6_ends_with_0(string version)
    {
        var (samples, builder) = Build($"throws-{version}.csv.gz", new ClosedLoop(2));
        var thrown = samples.Count(s => s.Outcome == Outcome.Dropped);
        Assert.Equal(thrown, builder.Exceptions);
        Assert.InRange(thrown, samples.Length / 5 - 1, samples.Length / 5 + 1);
        Assert.All(samples, s => Assert.Contains(s.Outcome, new[] { Outcome.Success, Outcome.Dropped }));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_arrival_that_k6_dropped_is_a_sample(string version)
    {
        var (samples, _) = Build($"dropped-{version}.csv.gz", new OpenLoop("constant", 60));
        Assert.InRange(samples.Length, 59, 61);
        var dropped = samples.Where(s => s.Outcome == Outcome.Dropped).ToArray();
        Assert.InRange(dropped.Length, 10, 40);
        // What was sent in spite of the drops is still held against its own place in the schedule.
        Assert.All(samples.Where(s => s.Outcome == Outcome.Success), s => Assert.InRange(s.Lag, 0, 30 * Millisecond));
        var due = samples.Select(s => s.Intended).Order().ToArray();
        Assert.All(due.Zip(due.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 16_666_665, 16_666_668));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_warm_up_of_fixed_length_is_looked_at_in_windows(string version)
    {
        var warmUp = WarmUpReader.Read(RecordedCase.Read($"closed-{version}.csv.gz"), RecordedCase.Timing(new ClosedLoop(2)));
        Assert.Equal((true, 1.0, 4), (warmUp.FixedLength, warmUp.Seconds, warmUp.Windows.Count));
        Assert.All(warmUp.Windows, w => Assert.InRange(w.RequestsPerSecond, 40, 110));
        Assert.All(warmUp.Windows, w => Assert.InRange(w.P50Seconds!.Value, 0.020, 0.200));
        // Four windows are too few for the test of a trend to find none.
        Assert.False(warmUp.Settled);
    }

    [Fact]
    public void An_answer_that_is_too_short_for_its_items_is_wrong_whatever_its_status()
    {
        var timing = RecordedCase.Timing(new ClosedLoop(2));
        SampleBuilder Builder(int least) => new(RecordedCase.Read("closed-2.2.0.csv.gz"), timing with { LeastBytesPerItem = least });
        var (enough, tooShort) = (Builder(221), Builder(222));
        Assert.All(enough.Samples(enough.WindowStart, enough.WindowEnd).Rows.ToArray(), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.All(tooShort.Samples(tooShort.WindowStart, tooShort.WindowEnd).Rows.ToArray(), s => Assert.Equal(Outcome.WrongAnswer, s.Outcome));
    }

    [Fact]
    public void Runners_share_one_schedule()
    {
        var samples = new[] { "runner-1", "runner-2" }.Select(r => Build($"{r}-2.2.0.csv.gz", new OpenLoop("constant", 60)).Samples).ToArray();
        // Each makes every second arrival of the whole schedule.
        Assert.All(samples, s => Assert.InRange(s.Length, 29, 31));
        Assert.All(samples, s => Assert.All(s, sample => Assert.InRange(sample.Lag, 0, 100 * Millisecond)));
    }

    private static (Sample[] Samples, SampleBuilder Builder) Build(string name, LoadShape shape)
    {
        var builder = new SampleBuilder(RecordedCase.Read(name), RecordedCase.Timing(shape));
        return (builder.Samples(builder.WindowStart, builder.WindowEnd).Rows.ToArray(), builder);
    }
}
