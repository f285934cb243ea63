using ServeBench.Domain.Progress;
using ServeBench.Models.Hub;

namespace ServeBench.Models.Tests.Hub;

public sealed class TransferProgressTests : IStep
{
    private readonly List<(double? Fraction, string Detail)> _reports = [];

    [Theory]
    [InlineData(100, 10, "1.0 of 100.0 MB, 0.1 MB/s, 16:30 left")]
    [InlineData(1000, 10, "1.0 of 1000.0 MB, 0.1 MB/s, 2:46:30 left")]
    [InlineData(1, 10, "1.0 of 1.0 MB, 0.1 MB/s, 0:00 left")]
    public void Rate_and_time_left_are_told(int megabytes, int seconds, string expected)
    {
        var clock = new Clock();
        var progress = new TransferProgress(this, clock, megabytes * 1_000_000L);
        clock.Seconds = seconds;
        progress.Add(1_000_000);
        Assert.Equal(expected, _reports[^1].Detail);
    }

    [Fact]
    public void What_must_be_fetched_again_does_not_count_twice()
    {
        var clock = new Clock();
        var progress = new TransferProgress(this, clock, 3_000_000);
        progress.AddPresent(1_000_000);
        clock.Seconds = 1;
        progress.Add(1_000_000);
        progress.Restart(2_000_000);
        clock.Seconds = 2;
        progress.Add(3_000_000);
        Assert.Equal(1.0, _reports[^1].Fraction);
    }

    [Fact]
    public void Bytes_that_were_here_do_not_make_the_line_look_faster()
    {
        var clock = new Clock();
        var progress = new TransferProgress(this, clock, 3_000_000);
        progress.AddPresent(1_000_000);
        clock.Seconds = 10;
        progress.Add(1_000_000);
        Assert.Equal("2.0 of 3.0 MB, 0.1 MB/s, 0:10 left", _reports[^1].Detail);
    }

    void IStep.Report(double? fraction, string detail) => _reports.Add((fraction, detail));

    void IDisposable.Dispose() { }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
