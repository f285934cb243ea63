using ServeBench.Domain.Samples;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Tests.Metrics;

namespace ServeBench.Measurement.Tests.Evaluation;

public class SampleDigestTests
{
    [Fact]
    public void The_timeline_divides_the_window_by_intended_send()
    {
        // 2,600 requests a second, so 20 parts of 100 ms with 260 requests each; latency doubles half way.
        var parts = Facts.Of(Facts.Answered(5200, i => i < 2600 ? 10 : 20)).Samples.Timeline;
        Assert.Equal(20, parts.Count);
        Assert.All(parts, p => Assert.Equal(2600, p.SuccessesPerSecond, 6));
        Assert.All(parts.Take(10), p => Assert.Equal(0.010, p.P95Seconds!.Value, 9));
        Assert.All(parts.Skip(10), p => Assert.Equal(0.020, p.P95Seconds!.Value, 9));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i / 10.0), parts.Select(p => Math.Round(p.StartSeconds, 9)));
    }

    [Theory]
    [InlineData(5200, 20, true)]
    [InlineData(1800, 10, true)]
    [InlineData(300, 20, false)]
    [InlineData(160, 10, false)]
    [InlineData(80, 5, false)]
    public void Has_as_many_parts_as_its_samples_support(int requests, int parts, bool p95)
    {
        var timeline = Facts.Of(Facts.Answered(requests, _ => 10)).Samples.Timeline;
        Assert.Equal(parts, timeline.Count);
        Assert.All(timeline, p => Assert.NotNull(p.P50Seconds));
        Assert.All(timeline, p => Assert.Equal(p95, p.P95Seconds is not null));
    }

    [Fact]
    public void A_part_without_enough_samples_has_no_percentile()
    {
        var timeline = Facts.Of(Facts.Answered(20, _ => 10)).Samples.Timeline;
        Assert.All(timeline, p => Assert.Null(p.P50Seconds));
        Assert.All(timeline, p => Assert.Equal(10, p.SuccessesPerSecond, 9));
    }

    [Fact]
    public void Growth_is_what_the_last_fifth_has_more_than_the_first()
    {
        Assert.Equal(0.160, Facts.Of(Facts.Answered(1000, i => 10 + (i / 5.0))).Samples.LatencyGrowthSeconds!.Value, 6);
        Assert.Null(Facts.Of(Facts.Answered(50, _ => 10)).Samples.LatencyGrowthSeconds);
    }

    [Fact]
    public void A_digester_can_be_used_again()
    {
        var digester = new SampleDigester();
        var large = Table(Facts.Answered(500, i => i + 1));
        Assert.Equal(500, digester.Digest(Facts.Record, large).EndToEnd.Length);
        var small = digester.Digest(Facts.Record, Table([Facts.Answer(0, 3), Facts.Answer(1, 2), Facts.Answer(2, 9, Outcome.Timeout)]));
        Assert.Equal([2 * Facts.Millisecond, 3 * Facts.Millisecond], small.EndToEnd.ToArray());
        Assert.Equal((3, 2, 1, 1), (small.Count, small.Successes, small.Failures, small.Of(Outcome.Timeout)));
    }

    [Fact]
    public void Requests_at_the_very_edge_of_the_window_belong_to_the_last_part() =>
        Assert.Equal(1, Facts.Of([Facts.Answer(2_000_000_000, 1)]).Samples.Successes);

    private static SampleTable Table(IEnumerable<Sample> samples)
    {
        var table = new SampleTable();
        foreach (var sample in samples) table.Add(sample);
        return table;
    }
}
