namespace ServeBench.Domain.Stacks;

/// <summary>
/// What an answer of a stack's server means, where its status alone would mislead. Of a stack's rules the first that fits decides; an
/// answer that none fits is read by its status.
/// </summary>
/// <param name="Status">HTTP statuses, or from 1 to 16 those of gRPC calls; empty in a rule for events.</param>
/// <param name="Headers">All must hold.</param>
/// <param name="Body">What the body must be, of a failed gRPC call what it says; null for any.</param>
/// <param name="Event">What one event of a stream must be; null in a rule for whole answers.</param>
/// <param name="Means">What such an answer means.</param>
public sealed record OutcomeRule(
    IReadOnlyList<int> Status,
    IReadOnlyList<HeaderCondition> Headers,
    BodyCondition? Body,
    BodyCondition? Event,
    OutcomeMeaning Means);

/// <param name="Name">The field's name; case does not matter.</param>
/// <param name="IsPresent">Whether there must be such a field, or must be none.</param>
/// <param name="Value">What its value must be; null for any.</param>
public sealed record HeaderCondition(string Name, bool IsPresent, string? Value);

/// <summary>What an answer means (docs/method.md says how each counts).</summary>
public enum OutcomeMeaning
{
    /// <summary>What was asked for.</summary>
    Success,

    /// <summary>The server has more to do than it accepts, and did not do this. A measured result.</summary>
    Rejected,

    /// <summary>The request was wrong: the fault is this program's, or the workload's.</summary>
    ClientFault,

    /// <summary>The server gave up for lack of time.</summary>
    Timeout,

    /// <summary>The server failed.</summary>
    Failed,
}
