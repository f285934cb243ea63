using System.Diagnostics;
using System.Net;
using ServeBench.Hosts;
using ServeBench.Processes.Servers;

namespace ServeBench.Build.Evidence.Servers;

/// <summary>Our own server, started as the process host starts it. Disposing ends it.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly ServerProcess _server;
    private readonly Process _process;

    private BenchServer(ServerProcess server, IPEndPoint endpoint, string logFile, long launchedAt)
    {
        _server = server;
        _process = Process.GetProcessById(server.ProcessId);
        Endpoint = endpoint;
        LogFile = logFile;
        LaunchedAt = launchedAt;
    }

    public IPEndPoint Endpoint { get; }

    public string LogFile { get; }

    /// <summary>On the clock of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long LaunchedAt { get; }

    public int ProcessId => _server.ProcessId;

    public bool HasExited => _server.Exited.IsCompleted;

    /// <summary>Bytes of memory that it has.</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<BenchServer> StartAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyList<int> cpus, string logFile)
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, LocalPort.Free());
        var launchedAt = Stopwatch.GetTimestamp();
        var server = await ServerProcess.StartAsync(new ServerSpec
        {
            Program = program,
            Arguments = [$"--urls=http://{endpoint}", .. arguments],
            LogFile = logFile,
            Cpus = cpus,
            StopLimit = TimeSpan.FromSeconds(10),
        });
        return new BenchServer(server, endpoint, logFile, launchedAt);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Dispose();
        await _server.DisposeAsync();
    }
}
