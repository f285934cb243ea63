namespace ServeBench.Domain.Stacks;

/// <summary>
/// How a server is asked to end, once all connections to it are closed. What is left after the last step is ended by force.
/// </summary>
/// <param name="Steps">In order, at least one; the next is taken when the wait of the one before is over and something still lives.</param>
/// <param name="ExitCodes">With which the main process may end when it is asked to; 128 + N where signal N ended it.</param>
public sealed record StopRecipe(IReadOnlyList<StopStep> Steps, IReadOnlyList<int> ExitCodes)
{
    public const string Terminate = "SIGTERM";

    /// <summary>SIGTERM to the main process, and the host's stop-limit.</summary>
    public static StopRecipe Default { get; } = new([new StopStep(Terminate, StopTarget.Main, null, null)], [0, 143]);
}

/// <param name="Signal">One of <see cref="Signals"/>.</param>
/// <param name="To">Which of the server's processes get it.</param>
/// <param name="Named">Regular expression for the command lines of the children that get it; null for all, or no children.</param>
/// <param name="Wait">How long the server may take to end after it; null for the stop-limit of the host's section.</param>
public sealed record StopStep(string Signal, StopTarget To, string? Named, TimeSpan? Wait)
{
    public static IReadOnlyList<string> Signals { get; } =
        [StopRecipe.Terminate, "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGKILL"];
}

/// <summary>Which of a server's processes a signal goes to.</summary>
public enum StopTarget
{
    /// <summary>The process that was started.</summary>
    Main,

    /// <summary>Processes that descend from it.</summary>
    Child,

    /// <summary>Its process group.</summary>
    Group,

    /// <summary>Every process of its session.</summary>
    Session,
}

/// <summary>What a server is known to leave behind; it is removed once the server has ended, and proved gone.</summary>
/// <param name="Folders">Paths; placeholders allowed.</param>
/// <param name="SharedMemory">Regular expressions for names in shared memory.</param>
/// <param name="Files">Paths; placeholders allowed.</param>
public sealed record Leftovers(IReadOnlyList<string> Folders, IReadOnlyList<string> SharedMemory, IReadOnlyList<string> Files)
{
    public static Leftovers None { get; } = new([], [], []);
}
