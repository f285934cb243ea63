using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;

namespace ServeBench.Synthetic;

/// <summary>How a server that does not exist answers one case.</summary>
/// <param name="ItemsPerSecond">What it can serve.</param>
/// <param name="LatencySeconds">Mean time of one answer in an open loop.</param>
public sealed record SyntheticBehaviour(double ItemsPerSecond, double LatencySeconds)
{
    /// <summary>Standard deviation of the speed between trials, as a share.</summary>
    public double TrialNoise { get; init; } = 0.01;

    /// <summary>Share of requests that fail, and how.</summary>
    public double FailureShare { get; init; }

    public Outcome Failure { get; init; } = Outcome.ServerError;

    /// <summary>Seconds by which latency grows per second of window: a queue that the server does not work off.</summary>
    public double Growth { get; init; }

    public double CoresBusy { get; init; } = 0.12;

    public double AverageBatch { get; init; } = 1;

    /// <summary>Tokens of each answer, which come one by one behind the first; 0 for answers that are whole.</summary>
    public int Tokens { get; init; }

    public double MemoryBytes { get; init; } = 268e6;

    /// <summary>The batched stack grows with the requests in flight and then stays; the unbatched one does not grow.</summary>
    public static SyntheticBehaviour Usual(CaseRecord of, LoadRecord load)
    {
        var ceiling = of.Workload switch { "mixed-length" => 152, "sequence-128" => 54, _ => 238 };
        var inFlight = (load.Concurrency ?? 4) * load.ItemsPerRequest;
        var batched = of.Stack == SyntheticRun.Batched;
        var efficiency = batched ? 0.94 - (0.24 / inFlight) : 0.68;
        return new SyntheticBehaviour(ceiling * efficiency, (batched ? 0.013 : 0.016) * (1 + ((load.RatePerSecond ?? 0) / 150)))
        {
            AverageBatch = batched ? Math.Min(inFlight, 8) * 0.8 is var b and > 1 ? b : 1 : 1,
            MemoryBytes = batched ? 288e6 : 262e6,
        };
    }
}
