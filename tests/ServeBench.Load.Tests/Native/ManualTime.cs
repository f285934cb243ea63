namespace ServeBench.Load.Tests.Native;

/// <summary>A clock that stands still until a test moves it; its ticks are nanoseconds.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _now = 1_000_000_000_000;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => _now;

    /// <param name="nanoseconds">Not negative.</param>
    public void Advance(long nanoseconds) => _now += nanoseconds;
}
