using ServeBench.Hosts.Ownership;
using ServeBench.Hosts.Telemetry;
using ServeBench.Processes.Cpu;
using ServeBench.Processes.Servers;

namespace ServeBench.Hosts.Process;

/// <summary>A stack running as a process.</summary>
internal sealed class ProcessDeployment : IDeployment
{
    private readonly ServerProcess _server;
    private readonly ServerSpec _spec;
    private readonly string _id;
    private readonly GrowingLog _log;

    public ProcessDeployment(ServerProcess server, ServerSpec spec, string id, Endpoints endpoints, TimeSpan startLimit, long launchedAt)
    {
        _server = server;
        _spec = spec;
        _id = id;
        _log = new GrowingLog(spec.LogFile);
        Endpoints = endpoints;
        StartLimit = startLimit;
        LaunchedAt = launchedAt;
        ProcessStarted = System.Diagnostics.Stopwatch.GetElapsedTime(launchedAt);
        Cpus = CpuAffinity.IsSupported ? spec.Cpus : [];
        Meter = new ProcessTreeMeter(server.ProcessId, Cpus);
    }

    public Endpoints Endpoints { get; }

    public string Command => _spec.ToString();

    public IReadOnlyList<int> Cpus { get; }

    public TimeSpan StartLimit { get; }

    public long LaunchedAt { get; }

    public TimeSpan? ProcessStarted { get; }

    public IUsageMeter Meter { get; }

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

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        // What took a session of its own is out of the guard's reach, but still bears the deployment's label.
        ProcessLabels.End(_id);
    }
}
