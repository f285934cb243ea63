namespace ServeBench.Domain.Trials;

/// <summary>How a deployment was ended, and what had to be done about what it left.</summary>
public sealed record StopRecord
{
    /// <summary>From the first signal until nothing of it was left.</summary>
    public required double Seconds { get; init; }

    /// <summary>The main process's exit code, 128 + N where signal N ended it; null where nobody heard of it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Whether its stack names that exit code among those with which it may end.</summary>
    public required bool IsExpected { get; init; }

    /// <summary>True when the main process had ended before it was asked to.</summary>
    public bool EndedBefore { get; init; }

    /// <summary>The steps of its stop recipe that were taken, in order.</summary>
    public required IReadOnlyList<StopStepRecord> Steps { get; init; }

    /// <summary>What was left after the last step and was ended by force, each with its process id; empty when nothing was.</summary>
    public required IReadOnlyList<string> Forced { get; init; }

    /// <summary>Connections of this program to it that were still open when the first signal was sent; 0 is how it should be.</summary>
    public int OpenConnections { get; init; }

    /// <summary>What it had left in shared memory and in folders that are not its own, and was removed.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>
    /// What came up in shared memory while it ran, is held by nobody, and was not seen in its hands: it may be another program's, and
    /// was left alone.
    /// </summary>
    public IReadOnlyList<string> Unexplained { get; init; } = [];
}

/// <param name="Signal">Its name: <c>SIGTERM</c>.</param>
/// <param name="To">Whom it was for: <c>main</c>, <c>child java</c>, <c>group</c>, <c>session</c>.</param>
/// <param name="Processes">To how many processes it went; a group counts as one.</param>
/// <param name="Seconds">Until nothing was left, or the step's wait was over.</param>
public sealed record StopStepRecord(string Signal, string To, int Processes, double Seconds);
