using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;
using ServeBench.Processes.Running;

namespace ServeBench.Processes.Servers;

/// <summary>
/// A server running in the background, with everything it starts. It ends when it is stopped or disposed, and, on systems
/// with a POSIX shell, also when this process dies of anything at all.
/// </summary>
public abstract class ServerProcess(ServerSpec spec) : IAsyncDisposable
{
    private readonly Lock _stopping = new();
    private Task<ServerEnd>? _end;

    /// <summary>The server's own process id: the root of the tree to measure.</summary>
    public abstract int ProcessId { get; }

    /// <summary>The process that ends it when this one dies; 0 where there is none.</summary>
    public virtual int GuardId => 0;

    /// <summary>When it was launched, on the clock of <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</summary>
    public abstract long LaunchedAt { get; }

    /// <summary>Completes with the exit code when the server's main process has ended, for whatever reason.</summary>
    public abstract Task<int> Exited { get; }

    /// <summary>
    /// Everything alive that it has started, however it got away from its parent, and itself; empty where processes cannot be seen.
    /// Reads every process of the machine: not for a measured window.
    /// </summary>
    public abstract IReadOnlyList<ProcessEntry> Processes();

    /// <summary>Ids of the same without looking at anybody else: what a meter reads.</summary>
    public abstract IReadOnlyList<int> Members();

    /// <summary>Asks the server to end, kills what is left of it after the limit, and waits until it is gone.</summary>
    public Task StopAsync() => StopAsync(StopRecipe.Default);

    /// <summary>The same by its stack's recipe. A second call waits for the first.</summary>
    public Task<ServerEnd> StopAsync(StopRecipe recipe)
    {
        lock (_stopping) return _end ??= EndAsync(recipe);
    }

    /// <summary>Stops it, and takes the secrets out of its log.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        KeptLog.Redact(spec.LogFile);
        GC.SuppressFinalize(this);
    }

    /// <exception cref="Commands.CommandFailedException">when the program cannot be started at all.</exception>
    public static async Task<ServerProcess> StartAsync(ServerSpec spec)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(spec.LogFile))!);
        return File.Exists(GuardedServer.Shell) ? await GuardedServer.StartAsync(spec) : UnguardedServer.Start(spec);
    }

    /// <summary>The last lines of a server's log without the secrets in them, for error messages; empty when there is none.</summary>
    public static string LogTail(string logFile, int lines = 15)
    {
        if (!File.Exists(logFile)) return "";
        using var stream = new FileStream(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        const int Most = 1 << 14;
        if (stream.Length > Most) stream.Seek(-Most, SeekOrigin.End);
        using var reader = new StreamReader(stream);
        // It may begin in the middle of a secret.
        if (stream.Length > Most) reader.ReadLine();
        var all = Redaction.Of(reader.ReadToEnd()).TrimEnd().Split('\n');
        return string.Join('\n', all.Skip(Math.Max(0, all.Length - lines)).Select(l => "    " + l.TrimEnd()));
    }

    /// <summary>Carries the stop out.</summary>
    protected abstract Task<ServerEnd> EndAsync(StopRecipe recipe);
}
