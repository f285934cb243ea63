using ServeBench.Domain.Faults;
using ServeBench.Hosts.Engines;
using ServeBench.Hosts.Telemetry;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Servers;

namespace ServeBench.Hosts.Docker;

/// <summary>A stack running in a container.</summary>
internal sealed class DockerDeployment : IDeployment
{
    private static readonly TimeSpan WatchLimit = TimeSpan.FromDays(7);

    /// <summary>How long after a process is gone the engine may take to report it.</summary>
    private static readonly TimeSpan EngineTells = TimeSpan.FromSeconds(5);

    private readonly DockerCli _docker;
    private readonly ContainerSpec _spec;
    private readonly string _logFile;
    private readonly LastWill _will;
    private readonly CancellationTokenSource _endWatch = new();
    private readonly Task<CommandResult> _watch;
    private readonly int? _process;
    private readonly Action<string> _notRemoved;
    private readonly Action<string> _warn;
    private readonly SshTunnel? _tunnel;
    private string? _ended;
    private int _outputRead;
    private int _errorRead;

    /// <param name="docker">The command line.</param>
    /// <param name="spec">What was run.</param>
    /// <param name="container">What came of it.</param>
    /// <param name="launch">When, and who is to know of what.</param>
    /// <param name="meter">Measures it.</param>
    public DockerDeployment(DockerCli docker, ContainerSpec spec, Container container, Launch launch, IUsageMeter meter)
    {
        _docker = docker;
        _spec = spec;
        _logFile = launch.LogFile;
        _will = launch.Will;
        _notRemoved = launch.NotRemoved;
        _warn = launch.Warn;
        Endpoints = launch.Endpoints;
        LaunchedAt = launch.At;
        _tunnel = launch.Tunnel;
        Between = launch.Between;
        // Another machine has another clock.
        ProcessStarted = Between is null ? container.StartedUtc - launch.AtUtc : null;
        Cpus = spec.Cpus;
        Meter = meter;
        _process = launch.IsNative && container.ProcessId > 0 ? container.ProcessId : null;
        // Ends when the container does, or when the engine does: it costs nothing until then.
        _watch = docker.TryAsync(WatchLimit, ["wait", spec.Name], _endWatch.Token);
    }

    public Endpoints Endpoints { get; }

    public string Command => new CommandSpec(DockerCli.Program, _spec.RunArguments()).ToString();

    public IReadOnlyList<int> Cpus { get; }

    public TimeSpan StartLimit => _spec.Settings.StartLimit;

    public long LaunchedAt { get; }

    public TimeSpan? ProcessStarted { get; }

    public IUsageMeter Meter { get; }

    public string? Between { get; }

    public async ValueTask<string?> EndedBecauseAsync()
    {
        if (_ended is not null) return _ended;
        if (_tunnel?.BrokeBecause() is { } broke) return _ended = broke;
        // The kernel knows at once that the process is gone; the engine reports it a little later.
        if (!_watch.IsCompleted && (_process is null || Directory.Exists($"/proc/{_process}"))) return null;
        await Task.WhenAny(_watch, Task.Delay(EngineTells));
        return _ended = await ContainerEnd.DescribeAsync(
            _docker, _spec.Name, _spec.Settings, watchBroke: _watch is { IsCompletedSuccessfully: true, Result.ExitCode: not 0 });
    }

    public async ValueTask<IReadOnlyList<string>> NewLogLinesAsync()
    {
        var logs = await _docker.TryAsync(DockerCli.Quick, ["logs", _spec.Name]);
        if (logs.ExitCode != 0) return [];
        string[] lines = [.. Fresh(logs.Output, ref _outputRead), .. Fresh(logs.Error, ref _errorRead)];
        return lines;
    }

    private static string[] Fresh(string log, ref int read)
    {
        var end = log.LastIndexOf('\n') + 1;
        if (end <= read) return [];
        var fresh = log[read..(end - 1)];
        read = end;
        return fresh.Split('\n');
    }

    public async ValueTask DisposeAsync()
    {
        var grace = _spec.Settings.StopLimit;
        try
        {
            if (_ended is null && !_watch.IsCompleted)
                await _docker.TryAsync(grace + DockerCli.Quick, ["stop", $"-t={Math.Ceiling(grace.TotalSeconds)}", _spec.Name]);
            await KeepLogAsync();
        }
        finally
        {
            await EndAsync();
        }
    }

    private async Task KeepLogAsync()
    {
        var logs = await _docker.TryAsync(DockerCli.Quick, ["logs", _spec.Name]);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_logFile))!);
            await File.WriteAllTextAsync(
                _logFile, Redaction.Of(logs.ExitCode == 0 ? logs.Output + logs.Error : $"The log is lost: {logs.Error}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk, say. What was measured is valid without it.
            _warn($"The log of {_spec.Name} is lost: {e.Message}");
        }
    }

    /// <summary>Leaves nothing behind, whatever failed before: a container that stayed would run on the measured cores.</summary>
    private async Task EndAsync()
    {
        try
        {
            if (await _docker.RemoveAsync(_spec.Name))
            {
                _will.Dispose();
                // A tunnel's ends are its own, and close with it.
                if (_tunnel is null) await ContainerGone.ProveAsync(_spec.Name, Endpoints);
            }
            else
            {
                _notRemoved(_spec.Name); // the will stays: should this program end before the engine is back, it has another try
            }
        }
        finally
        {
            await _endWatch.CancelAsync();
            await Task.WhenAny(_watch);
            _endWatch.Dispose();
            (Meter as IDisposable)?.Dispose();
            if (_tunnel is not null) await _tunnel.DisposeAsync();
        }
    }

    /// <summary>How and when a container was launched.</summary>
    /// <param name="At">When, on the clock of <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</param>
    /// <param name="AtUtc">The same moment by the clock on the wall, which the engine shares.</param>
    /// <param name="Endpoints">Where the server will answer.</param>
    /// <param name="LogFile">Gets what the server printed.</param>
    /// <param name="IsNative">Whether its processes are this machine's.</param>
    /// <param name="Will">Removes it should this program die.</param>
    /// <param name="NotRemoved">Hears its name when it could not be removed.</param>
    /// <param name="Warn">Hears, for people, what else went wrong at its end.</param>
    public sealed record Launch(
        long At,
        DateTimeOffset AtUtc,
        Endpoints Endpoints,
        string LogFile,
        bool IsNative,
        LastWill Will,
        Action<string> NotRemoved,
        Action<string> Warn)
    {
        /// <summary>What lies between this machine and the container's; null when they are one.</summary>
        public string? Between { get; init; }

        /// <summary>Leads to the container's machine; null when that is this one, or the container had ended.</summary>
        public SshTunnel? Tunnel { get; init; }
    }
}
