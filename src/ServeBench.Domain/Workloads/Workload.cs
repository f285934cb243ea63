using ServeBench.Domain.Storage;

namespace ServeBench.Domain.Workloads;

/// <summary>One k6/workloads/&lt;group&gt;/&lt;name&gt;.yaml: what is sent, how, and what counts as good enough.</summary>
public sealed record Workload
{
    public required string Name { get; init; }

    /// <summary>The group it belongs to: the name of the folder it lies in.</summary>
    public required string Group { get; init; }

    [DecidesNothing("for people")]
    public required string Title { get; init; }

    /// <summary>Protocols it may be spoken over, best first; a stack is driven by the first that it speaks.</summary>
    [DecidesNothing("a case has the one it is spoken over")]
    public required IReadOnlyList<string> Protocols { get; init; }

    /// <summary>Models it is run with when <c>--model</c> names none; empty means every model of the group.</summary>
    [DecidesNothing("a case has the one it is run with")]
    public required IReadOnlyList<string> Models { get; init; }

    public required PayloadSpec Payload { get; init; }

    public required Objectives Objectives { get; init; }

    [DecidesNothing("a case has its own, as one level")]
    public required IReadOnlyList<Scenario> Scenarios { get; init; }

    /// <summary>Absolute path of the file.</summary>
    [DecidesNothing("where a checkout lies")]
    public required string File { get; init; }
}

/// <summary>What counts as good enough, for verdicts and goodput.</summary>
/// <param name="Deadline">A request that has not been answered by then has failed (outcome timeout).</param>
/// <param name="LatencyP95">Objective on the 95th percentile of end-to-end latency, or null.</param>
/// <param name="ErrorRate">Largest share of failed requests, 0 to 1.</param>
public sealed record Objectives(TimeSpan Deadline, TimeSpan? LatencyP95, double ErrorRate)
{
    /// <summary>Objective on the 95th percentile of the time to a streamed answer's first token, or null.</summary>
    public TimeSpan? TtftP95 { get; init; }

    /// <summary>Objective on the 95th percentile of the gaps between the pieces of streamed answers, or null.</summary>
    public TimeSpan? ItlP95 { get; init; }
}
