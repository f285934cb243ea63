namespace ServeBench.Domain.Trials;

/// <summary>A process of a deployment as it was right after a measured window.</summary>
/// <param name="Id">Its process id then.</param>
/// <param name="Role"><c>main</c>, <c>child</c> (of another process of the deployment) or <c>orphan</c> (its parent had ended).</param>
/// <param name="Name">What it is called, from its command line.</param>
/// <param name="Nice">Its priority, from -20 (first) to 19 (last).</param>
/// <param name="Cpus">The processors that its threads may run on, all together, in the kernel's notation: <c>0-3,8</c>.</param>
/// <param name="Threads">How many threads it had.</param>
/// <param name="BusyThreads">How many of them computed for <see cref="BusyShare"/> of the window or more; null where unknown.</param>
/// <param name="PssBytes">Its memory, with what it shares divided among those that share it; null where the kernel does not say.</param>
/// <param name="Listens">The addresses on which it listens, with their ports.</param>
public sealed record ServerProcessRecord(
    int Id,
    string Role,
    string Name,
    int Nice,
    string Cpus,
    int Threads,
    int? BusyThreads,
    long? PssBytes,
    IReadOnlyList<string> Listens)
{
    /// <summary>The least share of the window that a busy thread computed for.</summary>
    public const double BusyShare = 0.1;
}

/// <summary>How a server was kept on its cores.</summary>
/// <param name="By"><c>cpuset</c> (no thread can leave) or <c>affinity</c> (threads that left were put back).</param>
/// <param name="PutBackBefore">Threads that had left their cores before the window, and were put back then.</param>
/// <param name="PutBackWithin">Threads that were found outside their cores within the window, and were put back.</param>
/// <param name="Outside">The processors outside the server's own that those of the window might use; empty when there were none.</param>
public sealed record CoreKeeping(string By, int PutBackBefore, int PutBackWithin, IReadOnlyList<int> Outside);
