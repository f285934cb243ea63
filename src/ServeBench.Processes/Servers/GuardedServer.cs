using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Cpu;

namespace ServeBench.Processes.Servers;

/// <summary>A server under guard.sh, which ends it when this process lets go of the script's standard input, even by dying.</summary>
internal sealed class GuardedServer : ServerProcess
{
    public const string Shell = "/bin/sh";

    private static readonly Lazy<string> Script = new(() =>
    {
        using var stream = typeof(GuardedServer).Assembly.GetManifestResourceStream("guard.sh")!;
        return new StreamReader(stream).ReadToEnd();
    });

    private readonly Process _guard;
    private readonly TimeSpan _stopLimit;

    private GuardedServer(Process guard, int processId, ServerSpec spec)
        : base(spec.LogFile)
    {
        _guard = guard;
        ProcessId = processId;
        _stopLimit = spec.StopLimit;
        Exited = WaitAsync();
    }

    public override int ProcessId { get; }

    public override Task<int> Exited { get; }

    public static new async Task<GuardedServer> StartAsync(ServerSpec spec)
    {
        var grace = Math.Max(1, (int)Math.Ceiling(spec.StopLimit.TotalSeconds));
        var start = new ProcessStartInfo(Shell) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        // The script is passed as text: there is no file to lose or to find.
        string[] head =
            ["-c", Script.Value, "guard.sh", Path.GetFullPath(spec.LogFile), grace.ToString(CultureInfo.InvariantCulture), spec.Program];
        foreach (var argument in head.Concat(spec.Arguments)) start.ArgumentList.Add(argument);
        spec.Apply(start);

        Process guard;
        try
        {
            guard = spec.Cpus.Count == 0 ? Process.Start(start)! : CpuAffinity.RunOn(spec.Cpus, () => Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw CommandFailedException.NotStarted(new CommandSpec(spec.Program, spec.Arguments), e);
        }
        var line = await guard.StandardOutput.ReadLineAsync();
        if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var processId))
            return new GuardedServer(guard, processId, spec);
        guard.Dispose();
        throw new InvalidOperationException($"the guard of {spec.Program} said '{line}' instead of a process id");
    }

    public override async Task StopAsync()
    {
        _guard.StandardInput.Close();
        // The guard kills what is left after the limit; the margin covers a machine that is busy with something else.
        if (await Task.WhenAny(Exited, Task.Delay(_stopLimit + TimeSpan.FromSeconds(10))) != Exited) _guard.Kill(entireProcessTree: true);
        await Exited;
    }

    private async Task<int> WaitAsync()
    {
        var code = await _guard.StandardOutput.ReadLineAsync();
        await _guard.WaitForExitAsync();
        // No second line: somebody killed the guard itself, and with it went the knowledge of how the server ended.
        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var exitCode) ? exitCode : -1;
    }
}
