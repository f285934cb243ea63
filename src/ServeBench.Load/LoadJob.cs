using ServeBench.Domain.Plans;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Targets;
using ServeBench.Domain.Workloads;
using ServeBench.Load.Encoding;

namespace ServeBench.Load;

/// <summary>Everything that decides one case's load.</summary>
public sealed record LoadJob
{
    public required ServerTarget Target { get; init; }

    /// <summary>The requests, rendered once.</summary>
    public required PayloadSet Payloads { get; init; }

    /// <summary>Which of them warm-up and window draw; null lets both go round all of them.</summary>
    public PayloadSlices? Slices { get; init; }

    /// <summary>What is loaded, for people and for names of files: <c>mixed-length sweep on onnxruntime-dotnet</c>.</summary>
    public string Title { get; init; } = "case";

    /// <summary>Name of the protocol, for people.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Absolute paths of files that a script of this protocol reads besides its payloads, such as a .proto.</summary>
    public IReadOnlyList<string> ProtocolFiles { get; init; } = [];

    /// <summary>What counts as good enough; shown to people who run a script by hand, and decides nothing here.</summary>
    public Objectives? Objectives { get; init; }

    public required LoadShape Shape { get; init; }

    public required WarmUpSettings WarmUp { get; init; }

    /// <summary>Length of the measured window; of a closed loop's the least.</summary>
    public required TimeSpan Measure { get; init; }

    /// <summary>
    /// Requests that a closed loop's window holds at least, unless it would get longer than <see cref="LongestMeasure"/>.
    /// </summary>
    public int LeastRequests { get; init; }

    /// <summary>
    /// When a closed loop's window ends even without those; not looked at where it is shorter than <see cref="Measure"/>.
    /// </summary>
    public TimeSpan LongestMeasure { get; init; }

    /// <summary>True when an earlier case on the same deployment has warmed the server up: only the run-in is made.</summary>
    public bool IsWarm { get; init; }

    /// <summary>
    /// True when the schedule of an open loop stops with the window, so that a server that has fallen behind is idle again when the
    /// load is over, and nothing of this load is left for the next one to wait for.
    /// </summary>
    public bool StopsWithWindow { get; init; }

    /// <summary>A request that is not answered this long after its intended send has failed.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>Decides the arrival times of an open loop.</summary>
    public required long ArrivalSeed { get; init; }

    /// <summary>Decides the order of an open loop's payloads, and where a load without <see cref="Slices"/> begins.</summary>
    public required long OrderSeed { get; init; }

    /// <summary>
    /// Bytes of body that a good answer has for each item at the very least; 0 when nothing is known. A cheap look at every
    /// answer, beside the thorough one at the few that are kept: an empty answer with a good status is no success.
    /// </summary>
    public int LeastBytesPerItem { get; init; }

    /// <summary>
    /// Counts the tokens of a piece of a streamed text, UTF-8 and not empty, after the load; null where nobody counts. The series
    /// <see cref="Domain.Samples.SampleSeries.Tokens"/> has the result, where events hold texts.
    /// </summary>
    public Func<ReadOnlySpan<byte>, int>? CountText { get; init; }

    /// <summary>What the stack says that its answers mean; where no rule fits, their status says it.</summary>
    public IReadOnlyList<OutcomeRule> Rules { get; init; } = [];

    /// <summary>When the server closes connections by itself.</summary>
    public ConnectionHabits Habits { get; init; } = ConnectionHabits.Default;

    /// <summary>
    /// Whether a driver that checks answers while it loads is to do so; false against a server whose answers mean nothing.
    /// </summary>
    public bool CheckAnswers { get; init; } = true;

    /// <summary>How many whole answers to keep for checking, spread evenly over the window.</summary>
    public int KeepAnswers { get; init; }

    /// <summary>Connections that an open loop may have at once; an arrival that would need one more is dropped.</summary>
    public int MaximumConnections { get; init; } = 1000;

    /// <summary>The cores that the caller confined this process to; recorded, not applied. Empty when not confined.</summary>
    public IReadOnlyList<int> ClientCpus { get; init; } = [];

    /// <summary>Receives the progress of the load about four times a second; called on a thread of the pool.</summary>
    public Action<LoadProgress>? Progress { get; init; }

    public IWindowListener? Window { get; init; }
}

/// <param name="Window">Length of one warm-up window; warm-up is over when a row of them shows no trend (method.md, rule 10).</param>
/// <param name="Limit">When it gives up waiting for that.</param>
/// <param name="Concurrency">
/// Requests in flight while an open-loop case warms up, since a rate that the client sets says nothing about stability.
/// A closed-loop case warms up with its own concurrency.
/// </param>
public sealed record WarmUpSettings(TimeSpan Window, TimeSpan Limit, int Concurrency);
