using System.Diagnostics;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Hosts.Ownership;
using ServeBench.Hosts.Process.Place;
using ServeBench.Hosts.Process.Proof;
using ServeBench.Hosts.Telemetry;
using ServeBench.Processes.Cpu;
using ServeBench.Processes.Running;
using ServeBench.Processes.Servers;

namespace ServeBench.Hosts.Process;

/// <summary>A stack running as a process, with a session, folders and, where it may, control groups of its own.</summary>
internal sealed class ProcessDeployment : IDeployment
{
    /// <summary>How long what was killed may take to be gone.</summary>
    private static readonly TimeSpan GoneLimit = TimeSpan.FromSeconds(10);

    /// <summary>How long connections of this program, which their owners have closed, may take to be closed.</summary>
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    private readonly ServerProcess _server;
    private readonly ServerSpec _spec;
    private readonly string _id;
    private readonly GrowingLog _log;
    private readonly StopRecipe _recipe;
    private readonly DeploymentPlace _place;
    private readonly CoreKeeper _keeper;
    private readonly ProcessTreeMeter _meter;
    private readonly ListenerProof _listeners;
    private readonly Lock _stopping = new();
    private Task<StopRecord>? _stop;
    private string? _unnoted;

    public ProcessDeployment(
        ServerProcess server,
        ServerSpec spec,
        string id,
        Endpoints endpoints,
        TimeSpan startLimit,
        TimeSpan processStarted,
        StopRecipe recipe,
        DeploymentPlace place)
    {
        _server = server;
        _spec = spec;
        _id = id;
        _log = new GrowingLog(spec.LogFile);
        _recipe = recipe;
        _place = place;
        Endpoints = endpoints;
        StartLimit = startLimit;
        ProcessStarted = processStarted;
        Cpus = CpuAffinity.IsSupported ? spec.Cpus : [];
        _keeper = new CoreKeeper(server.Members, Cpus, spec.Group?.ConfinesCpus == true);
        _meter = new ProcessTreeMeter(server.Members, Cpus, spec.Group is { } group ? group.CpuSeconds : null, _keeper);
        _listeners = new ListenerProof(server, endpoints);
    }

    public Endpoints Endpoints { get; }

    public string Command => _spec.ToString();

    public IReadOnlyList<int> Cpus { get; }

    public TimeSpan StartLimit { get; }

    public long LaunchedAt => _server.LaunchedAt;

    public TimeSpan? ProcessStarted { get; }

    public IUsageMeter Meter => _meter;

    public ValueTask<IReadOnlyList<string>> NewLogLinesAsync() => ValueTask.FromResult(_log.NewLines());

    public async ValueTask<string?> EndedBecauseAsync()
    {
        if (!_server.Exited.IsCompleted) return null;
        var tail = ServerProcess.LogTail(_spec.LogFile);
        var code = await _server.Exited;
        var how = code is > 128 and <= 128 + 64 ? $"was ended by signal {code - 128}" : $"ended by itself with code {code}";
        return tail.Length == 0
            ? $"it {how} and printed nothing"
            : $"it {how}; the end of its log ({_spec.LogFile}):{Environment.NewLine}{tail}";
    }

    public ListenerFinding Listener() => _listeners.Look();

    public IReadOnlyList<ServerProcessRecord>? Describe()
    {
        NoteSharedMemory();
        return ProcessDescription.Of(_server, _meter.BusyThreads);
    }

    public async ValueTask<StopRecord?> StopAsync()
    {
        lock (_stopping) _stop ??= EndAsync();
        return await _stop;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<StopRecord> EndAsync()
    {
        var open = await OpenConnectionsAsync();
        NoteSharedMemory();
        var began = Stopwatch.GetTimestamp();
        ServerEnd end;
        double seconds;
        try
        {
            end = await _server.StopAsync(_recipe);
            await ProveGoneAsync();
            seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        finally
        {
            _keeper.Dispose();
            await _server.DisposeAsync();
        }
        var (removed, unexplained) = SharedMemory.Clear(_place.Journal);
        var others = _place.Journal.Leaves.Where(l => File.Exists(l) || Directory.Exists(l)).ToArray();
        string[] failures =
        [
            .. _unnoted is { } why ? [why] : Array.Empty<string>(),
            .. others.Append(_place.Folder).Select(Removal.Of).OfType<string>(),
            .. (_spec.Group?.Remove() ?? []).Select(g => $"the control group {g} could not be removed"),
        ];
        if (failures.Length > 0)
            throw new RunFailedException(
                $"deployment {_id} could not be cleared away: {string.Join("; ", failures)}",
                "Remove it by hand: the next deployment would meet it");
        return new StopRecord
        {
            Seconds = seconds,
            ExitCode = end.ExitCode,
            IsExpected = end.ExitCode is { } code && _recipe.ExitCodes.Contains(code),
            EndedBefore = end.EndedBefore,
            Steps = end.Steps,
            Forced = [.. end.Forced.Select(p => $"{p.Name} ({p.Id})")],
            OpenConnections = open,
            Removed = [.. removed.Select(n => $"/dev/shm/{n}"), .. others],
            Unexplained = [.. unexplained.Select(n => $"/dev/shm/{n}")],
        };
    }

    /// <summary>Some servers wait for every idle connection before they end, and their stop would be ours to answer for.</summary>
    private async Task<int> OpenConnectionsAsync()
    {
        var began = Stopwatch.GetTimestamp();
        int open;
        while ((open = _listeners.OwnConnections()) > 0 && Stopwatch.GetElapsedTime(began) < CloseLimit) await Task.Delay(LookAgain);
        return open;
    }

    private void NoteSharedMemory()
    {
        var held = SharedMemory.HeldBy(_server.Members()).Except(_place.Journal.SharedMemoryBefore).ToArray();
        if (!held.Except(_place.Journal.SharedMemoryHeld).Any()) return;
        try
        {
            _place.Note(j => j with { SharedMemoryHeld = [.. j.SharedMemoryHeld.Union(held)] });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It must not keep the server from being stopped; the end of the stop says it.
            _unnoted = $"what it held in shared memory could not be written down: {e.Message}";
        }
    }

    /// <exception cref="RunFailedException">when something of it lives on, or something answers in its place.</exception>
    private async Task ProveGoneAsync()
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = Left();
            var listening = left.Count == 0 ? _listeners.StillListening() : null;
            if (left.Count == 0 && listening is null) return;
            if (Stopwatch.GetElapsedTime(began) > GoneLimit)
                throw new RunFailedException(
                    left.Count > 0
                        ? $"deployment {_id} cannot be ended; what is left of it:{Environment.NewLine}{ProcessTreeText.Of(left)}"
                        : $"deployment {_id} has ended, and yet its port does not refuse: {listening}",
                    "End these processes by hand: what still answers, or computes, would be measured as the next deployment");
            _spec.Group?.Kill();
            foreach (var process in left) ProcessSignals.Send(process.Id, "SIGKILL");
            await Task.Delay(LookAgain);
        }
    }

    /// <summary>What lives of it, by whatever sign: descent, session, control group, or the label in its environment.</summary>
    private IReadOnlyList<ProcessEntry> Left()
    {
        var known = _server.Processes();
        var labelled = ProcessLabels.Of(_id).Except(known.Select(p => p.Id)).Select(ProcessEntry.Read).OfType<ProcessEntry>();
        return [.. known, .. labelled.Where(p => p.IsAlive)];
    }
}
