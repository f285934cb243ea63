namespace ServeBench.Runs.Tests.Importing;

/// <summary>What ab really writes.</summary>
public sealed class AbTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Abs_printed_summary_is_read()
    {
        var record = _folder.Text(Samples.Ab);
        Assert.Equal(("ab, printed summary", 200L, 56L, 72.0), (record.Source, record.Requests, record.Failures, record.RequestsPerSecond));
        Assert.Equal((50L, 2L, 3L, 1L), (record.FailureKinds!["HTTP, not 2xx"], record.FailureKinds["connection refused"], record.FailureKinds["connection lost"], record.FailureKinds["another error"]));
        Assert.Equal((0.001, 0.002, 0.004), (record.Service!.P50, record.Service.P90, record.Service.P95));
        Assert.Contains(record.Remarks, r => r.StartsWith("no failures here: 24 answers that only had another length", StringComparison.Ordinal));
    }

    /// <summary>Seen of ab 2.3: with 50 requests it reads the time of 99 % from beyond its table.</summary>
    [Fact]
    public void A_percentile_that_is_shorter_than_a_lower_one_is_left_out()
    {
        var record = _folder.Text("Percentage served,Time in ms\n" + string.Concat(Enumerable.Range(0, 101).Select(i => $"{i},{(i == 99 ? 0.257 : i == 90 ? 999 : i + 0.5)}\n")));
        Assert.Equal((0.0505, null, 0.0955, null), (record.Service!.P50, record.Service.P90, record.Service.P95, record.Service.P99));
        Assert.Contains(record.Remarks, r => r.EndsWith(": p90, p99", StringComparison.Ordinal));
    }
}
