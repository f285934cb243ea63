using ServeBench.Domain.Samples;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;

namespace ServeBench.Load;

/// <summary>What one case's load showed.</summary>
public sealed record LoadResult
{
    /// <summary>Every request whose intended send lies in the window, in the order in which they ended.</summary>
    public required SampleTable Samples { get; init; }

    /// <summary>Length of the measured window.</summary>
    public required double WindowSeconds { get; init; }

    public required WarmUpRecord WarmUp { get; init; }

    /// <summary>Requests outside the window; null when the driver does not report it.</summary>
    public int? WarmUpRequests { get; init; }

    /// <summary>Which payloads those drew; null when they went round the warm-up's in turn.</summary>
    public OutsidePayloads? Outside { get; init; }

    public required ClientUse Client { get; init; }

    /// <summary>Whole successful answers, in the order in which they were kept.</summary>
    public required IReadOnlyList<KeptAnswer> Answers { get; init; }

    /// <summary>The connections that the window's requests took; null when the driver does not report it.</summary>
    public ConnectionUse? Connections { get; init; }

    /// <summary>What went wrong outside any one request, in one sentence; null when nothing did.</summary>
    public string? Disturbance { get; init; }
}

/// <summary>The payloads of the requests that are no samples.</summary>
/// <param name="Before">Of those before the window.</param>
/// <param name="After">Of those after it.</param>
public sealed record OutsidePayloads(IReadOnlyList<int> Before, IReadOnlyList<int> After);

/// <param name="Payload">Which of the payloads was answered.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The whole body, with any transfer coding removed.</param>
public sealed record KeptAnswer(int Payload, int Status, byte[] Body)
{
    /// <summary>The events of a stream, in the order in which they came; empty where answers have none.</summary>
    public IReadOnlyList<AnswerEvent> Events { get; init; } = [];

    /// <summary>
    /// What its stack's rules say that it means; null where none fits, and in answers kept under load, which are successes.
    /// </summary>
    public OutcomeMeaning? Meaning { get; init; }

    /// <summary>Its first characters, on one line, for an error.</summary>
    public string Beginning => Wire.JsonAnswer.Beginning(Body);
}

/// <param name="At">Nanoseconds after the request was sent.</param>
/// <param name="Data">What it carried.</param>
public sealed record AnswerEvent(long At, byte[] Data);
