using ServeBench.NullServer.Latency;

namespace ServeBench.NullServer;

/// <summary>How a null server answers.</summary>
public sealed record NullServerOptions
{
    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Bytes of every answer's body, a JSON string; ignored when <see cref="Body"/> is given.</summary>
    public int ResponseBytes { get; init; } = 128;

    /// <summary>The body of every answer, in ASCII; null for one of <see cref="ResponseBytes"/>.</summary>
    public string? Body { get; init; }

    /// <summary>The wire format of its answers: <c>http</c>, <c>sse</c> or <c>grpc</c>.</summary>
    public string Wire { get; init; } = "http";

    /// <summary>Events of a stream before the last, or messages of a call, each with the whole body.</summary>
    public int Events { get; init; } = 1;

    /// <summary>Data of the last event of a stream.</summary>
    public string Last { get; init; } = "[DONE]";

    /// <summary>Nanoseconds between the events of a stream; none sends all of it at once.</summary>
    public LatencyDistribution Gap { get; init; } = LatencyDistribution.None;

    /// <summary>Events of a stream that leave together, in one piece.</summary>
    public int Together { get; init; } = 1;

    /// <summary>Data of an event before all others of a stream; null for none.</summary>
    public string? Opening { get; init; }

    /// <summary>Data of an event after all others of a stream but the last; null for none.</summary>
    public string? Closing { get; init; }

    /// <summary>Share of streams whose connection is closed in their middle.</summary>
    public double CutShare { get; init; }

    public LatencyDistribution Latency { get; init; } = LatencyDistribution.None;

    /// <summary>Added to every latency, and moving; null for none.</summary>
    public Drift? Drift { get; init; }

    /// <summary>When it stops serving for a time; null for never.</summary>
    public Stall? Stall { get; init; }

    /// <summary>Requests per second that it can serve, one after the other; 0 for any number.</summary>
    public double Rate { get; init; }

    /// <summary>Share of requests after which the connection is closed without an answer.</summary>
    public double DropShare { get; init; }

    /// <summary>Nanoseconds that the first request on a connection waits.</summary>
    public long AcceptDelay { get; init; }

    /// <summary>Nanoseconds after which a body that came before is answered, out of a cache; null for a server that has none.</summary>
    public long? CacheHit { get; init; }

    /// <summary>Decides the latencies that are drawn, and which requests are dropped.</summary>
    public long Seed { get; init; }

    /// <summary>How sockets are served; the fastest that the system has when not given.</summary>
    public ServingKind? Serving { get; init; }
}

public enum ServingKind
{
    /// <summary>One thread on epoll; Linux only.</summary>
    Epoll,

    /// <summary>One thread per connection; anywhere.</summary>
    Threads,
}
