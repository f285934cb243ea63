using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Cpu;
using ServeBench.Processes.Running;

namespace ServeBench.Processes.Servers;

/// <summary>A server under guard.sh, which ends it when this process lets go of the script's standard input, even by dying.</summary>
internal sealed class GuardedServer : ServerProcess
{
    public const string Shell = "/bin/sh";

    /// <summary>For the launcher alone: nothing of it is to be debugged, and it leaves no socket in the temporary folder.</summary>
    private const string Diagnostics = "DOTNET_EnableDiagnostics";

    /// <summary>How long the guard may take to end what is left; it kills, so only a machine that is busy with something else needs more
    /// than a moment.</summary>
    private static readonly TimeSpan ForceLimit = TimeSpan.FromSeconds(20);

    private static readonly Lazy<string> Script = new(() =>
    {
        using var stream = typeof(GuardedServer).Assembly.GetManifestResourceStream("guard.sh")!;
        return new StreamReader(stream).ReadToEnd();
    });

    private readonly Process _guard;
    private readonly ServerSpec _spec;
    private readonly int _watcher;
    private readonly long _started;
    private readonly Dictionary<int, long> _seen = [];
    private volatile bool _isReleased;

    private GuardedServer(Process guard, int watcher, int processId, long launchedAt, ServerSpec spec)
        : base(spec)
    {
        _guard = guard;
        _watcher = watcher;
        _spec = spec;
        ProcessId = processId;
        GuardId = guard.Id;
        LaunchedAt = launchedAt;
        // Zero when it has ended already.
        _started = ProcessEntry.Read(processId)?.Started ?? 0;
        Exited = WaitAsync();
    }

    public override int ProcessId { get; }

    public override int GuardId { get; }

    public override long LaunchedAt { get; }

    public override Task<int> Exited { get; }

    /// <summary>The program that makes a shell a child subreaper; only Linux has those.</summary>
    private static string? Launcher { get; } =
        OperatingSystem.IsLinux() ? Path.Combine(AppContext.BaseDirectory, "ServeBench.Guard") : null;

    /// <summary>Asked by threads that do not know of the stop: the process object may be gone by then.</summary>
    private bool IsGuarded => !_isReleased && Directory.Exists($"/proc/{GuardId}");

    public static new async Task<GuardedServer> StartAsync(ServerSpec spec)
    {
        var grace = Math.Max(1, (int)Math.Ceiling(spec.StopLimit.TotalSeconds));
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        spec.Apply(start);
        string[] words =
        [
            // The script is passed as text: there is no file to lose or to find.
            Shell, "-c", Script.Value, "guard.sh", Path.GetFullPath(spec.LogFile), grace.ToString(CultureInfo.InvariantCulture),
            string.Join(':', spec.Group?.Folders ?? []), string.Join(':', spec.Group?.Origins ?? []), spec.Program, .. spec.Arguments,
        ];
        if (Launcher is not null) words = [Launcher, start.Environment.TryAdd(Diagnostics, "0") ? Diagnostics : "", .. words];
        start.FileName = words[0];
        foreach (var word in words[1..]) start.ArgumentList.Add(word);

        Process guard;
        try
        {
            guard = spec.Cpus.Count == 0 ? Process.Start(start)! : CpuAffinity.RunOn(spec.Cpus, () => Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            // Of what is started here, the shell is there, and the launcher lies beside this program.
            throw CommandFailedException.NotStarted(new CommandSpec(start.FileName, spec.Arguments), e);
        }
        var line = await guard.StandardOutput.ReadLineAsync();
        if (line == "ready")
        {
            var launchedAt = Stopwatch.GetTimestamp();
            await TellAsync(guard, "go");
            line = await guard.StandardOutput.ReadLineAsync();
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var watcher))
            {
                line = await guard.StandardOutput.ReadLineAsync();
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var processId))
                {
                    await TellAsync(guard, $"server{processId}");
                    return new GuardedServer(guard, watcher, processId, launchedAt, spec);
                }
            }
        }
        guard.StandardInput.Close();
        guard.Dispose();
        throw new RunFailedException(
            $"the guard of {spec.Program} said '{line}' instead of a process id{Environment.NewLine}{LogTail(spec.LogFile)}".TrimEnd(),
            "See what --target=Doctor says of control groups; where it says that they can be made, report this");
    }

    public override IReadOnlyList<int> Members()
    {
        if (!OperatingSystem.IsLinux()) return [];
        var all = new List<int>();
        // Orphans are the guard's children; should it be gone, what descends from the server is left.
        var open = new Stack<int>(!IsGuarded ? [ProcessId] : ProcessEntry.ChildrenOf(GuardId).Where(c => c != _watcher));
        while (open.TryPop(out var process))
        {
            if (!Directory.Exists($"/proc/{process}")) continue;
            all.Add(process);
            foreach (var child in ProcessEntry.ChildrenOf(process)) open.Push(child);
        }
        return all;
    }

    public override IReadOnlyList<ProcessEntry> Processes()
    {
        var all = ProcessEntry.All();
        var children = all.ToLookup(p => p.Parent);
        var found = new Dictionary<int, ProcessEntry>();
        var isGuarded = IsGuarded;
        var inGroup = _spec.Group?.Processes() ?? [];
        lock (_seen)
        {
            var open = new Stack<ProcessEntry>(all.Where(p => p.Started >= _started && (p.Session == ProcessId
                || p.Id == ProcessId
                || (isGuarded && p.Parent == GuardId)
                || inGroup.Contains(p.Id)
                || (_seen.TryGetValue(p.Id, out var started) && started == p.Started))));
            while (open.TryPop(out var process))
            {
                if ((isGuarded && (process.Id == _watcher || process.Id == GuardId)) || !found.TryAdd(process.Id, process)) continue;
                foreach (var child in children[process.Id]) open.Push(child);
            }
            foreach (var process in found.Values) _seen[process.Id] = process.Started;
        }
        return [.. found.Values.Where(p => p.IsAlive).OrderBy(p => p.Started).ThenBy(p => p.Id)];
    }

    protected override async Task<ServerEnd> EndAsync(StopRecipe recipe)
    {
        var endedBefore = Exited.IsCompleted;
        var steps = await new StopProcedure(this, recipe, _spec.StopLimit).RunAsync();
        var left = Processes();
        await TellAsync(_guard, "end");
        _guard.StandardInput.Close();
        if (await Task.WhenAny(Exited, Task.Delay(ForceLimit)) == Exited && !_guard.WaitForExit(ForceLimit)) _guard.Kill();
        // Without a subreaper, or when somebody has killed the guard: whatever else bears a sign of this server.
        foreach (var process in Processes()) ProcessSignals.Send(process.Id, "SIGKILL");
        if (!Exited.IsCompleted) return new ServerEnd(null, endedBefore, steps, left);
        var code = await Exited;
        _isReleased = true;
        _guard.Dispose();
        return new ServerEnd(code < 0 ? null : code, endedBefore, steps, left);
    }

    private static async Task TellAsync(Process guard, string word)
    {
        try
        {
            await guard.StandardInput.WriteLineAsync(word);
            await guard.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // Somebody has killed the guard: there is nobody to tell.
        }
    }

    private async Task<int> WaitAsync()
    {
        var code = await _guard.StandardOutput.ReadLineAsync();
        // No such line: somebody killed the guard itself, and with it went the knowledge of how the server ended.
        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var exitCode) ? exitCode : -1;
    }
}
