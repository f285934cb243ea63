using ServeBench.Domain.Samples;
using ServeBench.Measurement.Streams;

namespace ServeBench.Measurement.Evaluation;

/// <summary>
/// One trial's samples, counted and sorted. The spans look into buffers that the <see cref="SampleDigester"/> uses again for
/// the next trial, so a digest is usable until then; what outlives it is the <see cref="Timeline"/> and the counts.
/// </summary>
public sealed class SampleDigest
{
    public const double NanosecondsPerSecond = 1e9;

    private readonly int[] _outcomes;
    private readonly ReadOnlyMemory<long> _endToEnd;
    private readonly ReadOnlyMemory<long> _service;
    private readonly ReadOnlyMemory<long> _lag;

    internal SampleDigest(int[] outcomes, ReadOnlyMemory<long> endToEnd, ReadOnlyMemory<long> service, ReadOnlyMemory<long> lag)
    {
        _outcomes = outcomes;
        _endToEnd = endToEnd;
        _service = service;
        _lag = lag;
        Count = outcomes.Sum();
    }

    /// <summary>Requests whose intended send lies in the window, however they ended.</summary>
    public int Count { get; }

    public int Successes => Of(Outcome.Success);

    public int Failures => Count - Successes;

    public required long SuccessfulItems { get; init; }

    public required long SuccessfulResponseBytes { get; init; }

    /// <summary>Successful requests within the latency objective; all of them where there is none.</summary>
    public required int WithinObjective { get; init; }

    /// <summary>The window in equal parts, by intended send.</summary>
    public required IReadOnlyList<TimelinePart> Timeline { get; init; }

    /// <summary>How long failures took, by <see cref="Outcomes.Id"/>; the other latencies are those of successes.</summary>
    public IReadOnlyDictionary<string, OutcomeLatency> FailureLatencies { get; init; } = new Dictionary<string, OutcomeLatency>();

    /// <summary>The stages of a ramp; empty when the load does not change.</summary>
    public IReadOnlyList<StagePart> Stages { get; init; } = [];

    /// <summary>
    /// Median end-to-end latency of the successful requests of the window's last fifth minus that of its first, seconds;
    /// null when either has too few to tell.
    /// </summary>
    public required double? LatencyGrowthSeconds { get; init; }

    /// <summary>
    /// Successful requests per second from the first success to the last. A server whose queue never runs empty works all that
    /// time, the tail after the window included, so this is what it can do; of one that keeps up it is the rate that was asked.
    /// Null with fewer than two successes.
    /// </summary>
    public double? HeldPerSecond { get; init; }

    /// <summary>What the pieces of streamed answers show; null where answers are whole, or nobody counted what is in them.</summary>
    public StreamDigest? Streams { get; init; }

    /// <summary>End-to-end latencies of successful requests, ascending nanoseconds.</summary>
    public ReadOnlySpan<long> EndToEnd => _endToEnd.Span;

    /// <summary>Service latencies of successful requests, ascending nanoseconds.</summary>
    public ReadOnlySpan<long> Service => _service.Span;

    /// <summary>Lags of every request that was sent, ascending nanoseconds.</summary>
    public ReadOnlySpan<long> Lag => _lag.Span;

    public int Of(Outcome outcome) => _outcomes[(int)outcome];
}

/// <summary>One part of the measured window.</summary>
/// <param name="StartSeconds">From the start of the window.</param>
/// <param name="SuccessesPerSecond">Successful requests whose intended send lies in it, per second of it.</param>
/// <param name="P50Seconds">Median end-to-end latency of those; null without support.</param>
/// <param name="P95Seconds">95th percentile of the same; null without support.</param>
public sealed record TimelinePart(double StartSeconds, double SuccessesPerSecond, double? P50Seconds, double? P95Seconds);
