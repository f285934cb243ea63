using System.ComponentModel;
using System.Diagnostics;
using ServeBench.Domain.Stacks;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Running;

namespace ServeBench.Processes.Servers;

/// <summary>
/// A server where there is no POSIX shell (Windows). It is killed with its tree when stopped; should this process be killed
/// outright, the server stays until the next start sweeps it.
/// </summary>
internal sealed class UnguardedServer : ServerProcess
{
    private readonly Process _process;
    private readonly Task _log;

    private UnguardedServer(Process process, Task log, long launchedAt, ServerSpec spec)
        : base(spec)
    {
        _process = process;
        LaunchedAt = launchedAt;
        _log = log;
        Exited = WaitAsync();
    }

    public override int ProcessId => _process.Id;

    public override long LaunchedAt { get; }

    public override Task<int> Exited { get; }

    public override IReadOnlyList<ProcessEntry> Processes() => [];

    public override IReadOnlyList<int> Members() => [];

    public static UnguardedServer Start(ServerSpec spec)
    {
        var start = new ProcessStartInfo(spec.Program, spec.Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false
        };
        spec.Apply(start);
        try
        {
            var launchedAt = Stopwatch.GetTimestamp();
            var process = Process.Start(start)!;
            if (OperatingSystem.IsWindows() && spec.Cpus.Count > 0)
                process.ProcessorAffinity = spec.Cpus.Aggregate((nint)0, (mask, cpu) => mask | ((nint)1 << cpu));
            return new UnguardedServer(process, CopyAsync(process, spec.LogFile), launchedAt, spec);
        }
        catch (Win32Exception e)
        {
            throw CommandFailedException.NotStarted(new CommandSpec(spec.Program, spec.Arguments), e);
        }
    }

    protected override async Task<ServerEnd> EndAsync(StopRecipe recipe)
    {
        var endedBefore = _process.HasExited;
        if (!endedBefore) _process.Kill(entireProcessTree: true);
        return new ServerEnd(await Exited, endedBefore, [], []);
    }

    private static async Task CopyAsync(Process process, string logFile)
    {
        await using var log = TextWriter.Synchronized(new StreamWriter(logFile, append: false) { AutoFlush = true });
        await Task.WhenAll(CopyLinesAsync(process.StandardOutput, log), CopyLinesAsync(process.StandardError, log));
    }

    private static async Task CopyLinesAsync(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line) await to.WriteLineAsync(line);
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        await _log;
        return _process.ExitCode;
    }
}
