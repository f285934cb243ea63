using ServeBench.Domain.Storage;

namespace ServeBench.Domain.Stacks;

/// <summary>One src/stacks/&lt;name&gt;/stack.yaml: a serving stack, and how it is started on each host that can run it.</summary>
public sealed record Stack
{
    /// <summary>The folder's name and the name used on the command line.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>One sentence for lists and the report: what it is and how it is set up.</summary>
    public required string Summary { get; init; }

    public required string Licence { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Names of the protocols it speaks, best first.</summary>
    public required IReadOnlyList<string> Protocols { get; init; }

    /// <summary>Which file of a model it loads: <c>onnx</c> or <c>safetensors</c>.</summary>
    public required string ModelFormat { get; init; }

    /// <summary>Arithmetic precision of the served model, for example <c>fp32</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>Other precisions that it can be given the model in: each takes part in a run by itself, where it is asked for.</summary>
    public IReadOnlyList<string> OtherPrecisions { get; init; } = [];

    /// <summary>
    /// The ways in which it is set up, at least one; each takes part in a run by itself. Before <see cref="For"/>, one that is for a group
    /// stands beside that of the same name for all others.
    /// </summary>
    public required IReadOnlyList<Track> Tracks { get; init; }

    /// <summary>How hard it is to run, 1 (one file, one command) to 10 (a cluster and a team), with the reason.</summary>
    public required Complexity Complexity { get; init; }

    /// <summary>What stands behind what its folder says of its server; null where nothing is said.</summary>
    [DecidesNothing("what is known of its server; how it is run stands elsewhere")]
    public StackEvidence? Evidence { get; init; }

    /// <summary>What its server is able to do, as its documentation says; of <see cref="StackEvidence.KnownFeatures"/>.</summary>
    [DecidesNothing("what its server could do; how it is run stands elsewhere")]
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Where its own counters are read; null when it has none.</summary>
    public CounterSource? Counters { get; init; }

    /// <summary>Why its server has no counters, as the stack says it; null where it has some, or nothing is said.</summary>
    public string? CountersAbsence { get; init; }

    /// <summary>When its server is ready, how it is stopped, and what else it does that others do not.</summary>
    public Lifecycle Lifecycle { get; init; } = Lifecycle.Default;

    /// <summary>
    /// The folder that is made for it of the prepared model, file by file; empty where it reads the prepared model itself.
    /// </summary>
    public IReadOnlyList<RepositoryFile> ModelRepository { get; init; } = [];

    /// <summary>What its answers mean where their status alone would mislead; the first that fits decides.</summary>
    public IReadOnlyList<OutcomeRule> OutcomeRules { get; init; } = [];

    /// <summary>Each host's typed settings, by host name, made by the host's section reader.</summary>
    public required IReadOnlyDictionary<string, object> Hosts { get; init; }

    /// <summary>True for a folder of servers that run already and cannot be deployed from here.</summary>
    [DecidesNothing("what its hosts say")]
    public bool IsDeployedByOthers => Hosts.Count == 1 && Hosts.ContainsKey(EndpointNames.Host);

    /// <summary>True for a server that runs already, which was named for this run: nothing of it is deployed.</summary>
    [DecidesNothing("what is named is in its host's settings")]
    public bool IsEndpoint { get; init; }

    /// <summary>Absolute path of the stack's folder.</summary>
    [DecidesNothing("where a checkout lies; what the folder holds is counted by its content")]
    public required string Folder { get; init; }

    /// <summary>The stack as it serves one of its groups: what only another of them needs decides nothing.</summary>
    public Stack For(string group) => this with
    {
        Groups = [group],
        Tracks =
        [
            .. Tracks.GroupBy(t => t.Name)
                .Select(ways => ways.FirstOrDefault(t => t.Group == group) ?? ways.Single(t => t.Group is null)),
        ],
    };
}

/// <param name="Score">1 to 10.</param>
/// <param name="Why">What the score stands for.</param>
public sealed record Complexity(int Score, string Why);

/// <summary>The server's own counters, read at the beginning and at the end of the measured window.</summary>
/// <param name="Path">Path of the endpoint.</param>
/// <param name="Inferences">Name of the counter of items inferred; null when the server does not report it.</param>
/// <param name="Executions">Name of the counter of runtime executions (batches); null when the server does not report it.</param>
/// <param name="ModelLoad">Name of the gauge of the seconds that loading the model took; null when the server does not report it.</param>
/// <param name="Runtime">Name of the metric whose labels <c>name</c> and <c>version</c> say what computes; null when the server
/// does not report it.</param>
/// <param name="Timings">How long the parts of its requests take; null when the server does not report it.</param>
public sealed record CounterSource(
    string Path, string? Inferences, string? Executions, string? ModelLoad, string? Runtime = null, TimingSource? Timings = null)
{
    /// <summary>How much later than a request its count is in the answer; both readings wait for so long.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>What is counted, where that is not what one would think: <c>requests of every path, probes included</c>.</summary>
    public string? Holds { get; init; }

    /// <summary>What the stack announces besides; shown in the report, and compared with nothing.</summary>
    public IReadOnlyList<StackMeasurement> Measurements { get; init; } = [];
}
