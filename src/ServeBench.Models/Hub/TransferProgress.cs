using System.Globalization;
using ServeBench.Domain.Progress;

namespace ServeBench.Models.Hub;

/// <summary>
/// Reports to an observer how far a download is, how fast it goes, and how long it will take. Safe to call from several threads.
/// </summary>
internal sealed class TransferProgress(IStep step, TimeProvider time, long total)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();
    private long _last = time.GetTimestamp();
    private long _present;
    private long _arrived;

    /// <summary>Bytes that were here before: they count as done, and not towards the rate.</summary>
    public void AddPresent(long bytes) => Interlocked.Add(ref _present, bytes);

    /// <summary>Bytes that have just arrived; negative when they must be fetched again.</summary>
    public void Add(long bytes)
    {
        Interlocked.Add(ref _arrived, bytes);
        lock (_lock)
        {
            if (time.GetElapsedTime(_last) < Interval) return;
            _last = time.GetTimestamp();
        }
        Report();
    }

    /// <summary>Bytes that count no longer: they are fetched once more.</summary>
    public void Restart(long bytes) => Interlocked.Add(ref _present, -bytes);

    public void Report()
    {
        var arrived = Interlocked.Read(ref _arrived);
        var done = arrived + Interlocked.Read(ref _present);
        var rate = arrived / Math.Max(1e-3, time.GetElapsedTime(_start).TotalSeconds);
        var left = rate > 0 ? $", {Shown(TimeSpan.FromSeconds(Math.Ceiling((total - done) / rate)))} left" : "";
        var (share, detail) = (
            total == 0 ? 1 : (double)done / total,
            string.Create(CultureInfo.InvariantCulture, $"{done / 1e6:0.0} of {total / 1e6:0.0} MB, {rate / 1e6:0.0} MB/s{left}"));
        if (rate > 0) step.ReportWithTimeLeft(share, detail);
        else step.Report(share, detail);
    }

    private static string Shown(TimeSpan time) =>
        time.TotalHours < 1
            ? time.ToString("m\\:ss", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}");
}
