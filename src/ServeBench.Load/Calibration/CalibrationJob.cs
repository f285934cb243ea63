using System.Net;
using ServeBench.Load.Encoding;

namespace ServeBench.Load.Calibration;

/// <summary>How to measure a driver against a null server.</summary>
public sealed record CalibrationJob
{
    /// <summary>A ServeBench.NullServer without a latency of its own, on cores other than the client's.</summary>
    public required IPEndPoint NullServer { get; init; }

    /// <summary>Requests like those of the run.</summary>
    public required PayloadSet Payloads { get; init; }

    /// <summary>Length of each measurement.</summary>
    public required TimeSpan Measure { get; init; }

    /// <summary>Numbers of requests in flight to try for the ceiling.</summary>
    public IReadOnlyList<int> Concurrency { get; init; } = [1, 4, 16, 64];

    /// <summary>Requests in flight by which it is seen whether the driver reaches what it did; one of those above.</summary>
    public const int CheckConcurrency = 16;

    /// <summary>Constant rate of the lateness check.</summary>
    public double LatenessRate { get; init; } = 2000;

    /// <summary>Poisson rate of the truth check. With two-second windows it gives p99 its support.</summary>
    public double TruthRate { get; init; } = 1000;

    /// <summary>Decides arrivals, payload order and planted latencies.</summary>
    public required long Seed { get; init; }

    public IReadOnlyList<int> ClientCpus { get; init; } = [];

    public IReadOnlyList<int> ServerCpus { get; init; } = [];

    /// <summary>Hash of what decides the result; stored with it.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The run that measures.</summary>
    public required string Run { get; init; }
}
