namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>A clock that stands still until it is told how much time has passed.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _now = 1000;

    /// <summary>One unit of a timestamp is one tick of a <see cref="TimeSpan"/>.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);
}
