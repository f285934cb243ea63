namespace ServeBench.Work.Tests;

/// <summary>Time passes by work alone.</summary>
internal sealed class WorkClock : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => _now;

    public void Work(double seconds) => _now += (long)(seconds * 1e9);
}
