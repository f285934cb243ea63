namespace ServeBench.OnnxServer.Metrics;

/// <summary>What is counted for the whole server. Every method may be called from any thread.</summary>
/// <param name="protocols">The protocols that requests come in.</param>
/// <param name="time">The clock.</param>
internal sealed class ServerMetrics(IReadOnlyList<string> protocols, TimeProvider time)
{
    private readonly Dictionary<string, long[]> _requests = protocols.ToDictionary(p => p, _ => new long[RequestOutcomes.All.Count]);

    /// <summary>The protocols that requests come in.</summary>
    public IReadOnlyList<string> Protocols => protocols;

    /// <summary>Seconds from the arrival of a request to the end of its answer, of successful ones.</summary>
    public Histogram Answering { get; } = new(Histogram.Seconds);

    /// <summary>Seconds of reading a request.</summary>
    public Histogram InputRead { get; } = new(Histogram.Seconds);

    /// <summary>Seconds that a request's first item waited for its execution.</summary>
    public Histogram Queued { get; } = new(Histogram.Seconds);

    /// <summary>Seconds from the beginning of a request's first execution to the end of its last, of every request once.</summary>
    public Histogram Executed { get; } = new(Histogram.Seconds);

    /// <summary>Seconds of writing an answer.</summary>
    public Histogram Serialised { get; } = new(Histogram.Seconds);

    /// <param name="protocol">One of <see cref="Protocols"/>.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="received">When it arrived.</param>
    public void Answered(string protocol, RequestOutcome outcome, long received)
    {
        Interlocked.Increment(ref _requests[protocol][(int)outcome]);
        if (outcome == RequestOutcome.Success) Answering.Observe(time.GetElapsedTime(received).TotalSeconds);
    }

    public long Requests(string protocol, RequestOutcome outcome) => Interlocked.Read(ref _requests[protocol][(int)outcome]);
}
