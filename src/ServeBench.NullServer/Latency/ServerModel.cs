using ServeBench.Platform;

namespace ServeBench.NullServer.Latency;

/// <summary>
/// What a server does beside taking its time: it serves one request after the other, drifts, stops now and then, drops
/// requests, takes up connections late, or remembers its answers. All of it is planted, so the truth is known.
/// </summary>
public sealed class ServerModel(NullServerOptions options)
{
    private readonly Lock _gate = new();
    private readonly Planter _planter = new(options.Latency, options.Seed);
    private readonly Xoshiro256 _drops = new(~options.Seed);
    private readonly Xoshiro256 _pauses = new(options.Seed ^ 0x5061757365);
    private readonly Xoshiro256 _cuts = new(options.Seed ^ 0x43757473);
    private readonly HashSet<string> _known = [];
    private long? _started;
    private long _free;

    internal Planter Planter => _planter;

    /// <summary>Whether bodies must be passed to <see cref="Next"/>.</summary>
    public bool ReadsBodies => options.CacheHit is not null;

    /// <summary>How many nanoseconds after one piece of an answer the next is due.</summary>
    public long Pause()
    {
        lock (_gate)
        {
            var pause = options.Gap.Draw(_pauses);
            var now = MonotonicClock.System.Now;
            if (options.Stall is { } stall && stall.Left(now - (_started ?? now) + pause) is > 0 and var left) pause += left;
            return pause;
        }
    }

    /// <summary>Whether one more streamed answer is to end in its middle.</summary>
    public bool IsCut()
    {
        if (options.CutShare <= 0) return false;
        lock (_gate) return _cuts.NextUnit() <= options.CutShare;
    }

    /// <param name="now">When the request came, nanoseconds on any clock that only rises.</param>
    /// <param name="asked">The delay that the request itself asks for, which goes before the drawn one; null when it asks for none.</param>
    /// <param name="isFirst">Whether it is the first on its connection.</param>
    /// <param name="body">Hash of its body; null when bodies are not read.</param>
    /// <returns>After how many nanoseconds the answer is due, null when at once; and whether the connection is closed then
    /// without one.</returns>
    public (long? Delay, bool Dropped) Next(long now, long? asked, bool isFirst, byte[]? body)
    {
        lock (_gate)
        {
            _started ??= now;
            if (options.DropShare > 0 && _drops.NextUnit() <= options.DropShare) return (null, true);
            if (body is not null && !_known.Add(Convert.ToHexString(body))) return (options.CacheHit, false);
            var delay = _planter.Next(asked);
            if (options.Drift is { } drift) delay = (delay ?? 0) + drift.At(now - _started.Value);
            if (options.Rate > 0)
            {
                // One after the other, each for as long as the rate says.
                _free = Math.Max(now, _free) + (long)(1e9 / options.Rate);
                delay = (delay ?? 0) + (_free - now);
            }
            if (options.Stall is { } stall && stall.Left(now - _started.Value + (delay ?? 0)) is > 0 and var left)
                delay = (delay ?? 0) + left;
            if (isFirst && options.AcceptDelay > 0) delay = (delay ?? 0) + options.AcceptDelay;
            return (delay, false);
        }
    }
}

/// <summary>A latency that moves in a straight line and then stays.</summary>
/// <param name="From">Nanoseconds added at first.</param>
/// <param name="To">Nanoseconds added at last.</param>
/// <param name="Over">How long that takes.</param>
public sealed record Drift(long From, long To, long Over)
{
    internal long At(long elapsed) => From + (long)((To - From) * Math.Min(1.0, (double)elapsed / Over));

    /// <summary><c>from=5ms,to=10ms,over=10s</c>; null when it is not that.</summary>
    public static Drift? Parse(string text) => text.Split(',') is [var from, var to, var over]
        && DurationArgument.Parse(from, "from=") is { } f
        && DurationArgument.Parse(to, "to=") is { } t
        && DurationArgument.Parse(over, "over=") is > 0 and var o ? new Drift(f, t, o) : null;
}

/// <summary>A server that stops now and then: what is due meanwhile is answered when it is over.</summary>
/// <param name="Every">From the start of one stall to that of the next; the first comes after that time.</param>
/// <param name="For">How long each lasts, less than that.</param>
public sealed record Stall(long Every, long For)
{
    /// <summary>What is left of the stall at a time; 0 outside one.</summary>
    internal long Left(long elapsed) => elapsed < Every ? 0 : Math.Max(0, For - (elapsed % Every));

    /// <summary><c>every=10s,for=1s</c>; null when it is not that.</summary>
    public static Stall? Parse(string text) => text.Split(',') is [var every, var length]
        && DurationArgument.Parse(every, "every=") is { } e && DurationArgument.Parse(length, "for=") is > 0 and var l && l < e
            ? new Stall(e, l)
            : null;
}
