using System.Net;
using ServeBench.Domain.Faults;
using ServeBench.Hosts.Ownership;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Servers;

namespace ServeBench.Hosts.Engines;

/// <summary>
/// Leads from ports of this machine's 127.0.0.1 to those of another machine's, and from a socket only this user may open to that
/// machine's Docker Engine. It is an ssh under guard, so it never outlives this program.
/// </summary>
internal sealed class SshTunnel : IAsyncDisposable
{
    /// <summary>Where engines listen; one that listens elsewhere is not measured.</summary>
    private const string RemoteSocket = "/var/run/docker.sock";

    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(5);

    private readonly ServerProcess _ssh;
    private readonly DirectoryInfo _folder;
    private readonly IReadOnlyDictionary<int, IPEndPoint> _ends;

    private SshTunnel(ServerProcess ssh, DirectoryInfo folder, IReadOnlyDictionary<int, IPEndPoint> ends)
    {
        _ssh = ssh;
        _folder = folder;
        _ends = ends;
    }

    /// <summary>This machine's end of the way to a port of the other's.</summary>
    public IPEndPoint EndOf(int port) => _ends[port];

    /// <summary>This machine's end of the way to the engine.</summary>
    public string EngineSocket => SocketIn(_folder);

    /// <param name="destination">The other machine.</param>
    /// <param name="ports">The ports of its 127.0.0.1, at least one.</param>
    /// <param name="deployment">Whose it is.</param>
    /// <param name="cpus">The logical processors of this machine on which it encrypts: never the client's.</param>
    /// <param name="cancellationToken">Ends waiting for it.</param>
    /// <exception cref="RunFailedException">when it cannot be opened.</exception>
    public static async Task<SshTunnel> OpenAsync(
        SshDestination destination,
        IReadOnlyCollection<int> ports,
        string deployment,
        IReadOnlyList<int> cpus,
        CancellationToken cancellationToken)
    {
        var here = ports.ToDictionary(port => port, _ => new IPEndPoint(IPAddress.Loopback, LocalPort.Free()));
        // Only its owner may enter a temporary folder: who reaches the engine is root on its machine.
        var folder = Directory.CreateTempSubdirectory("servebench-ssh-");
        var spec = new ServerSpec
        {
            Program = SshFailure.Program,
            Arguments = Arguments(destination, [.. here.Select(e => (e.Value.Port, e.Key))], SocketIn(folder)),
            Environment = ProcessLabels.Labels(deployment),
            LogFile = Path.Combine(folder.FullName, "ssh.log"),
            Cpus = cpus,
            StopLimit = TimeSpan.FromSeconds(2),
        };
        SshTunnel? tunnel = null;
        try
        {
            tunnel = new SshTunnel(await ServerProcess.StartAsync(spec), folder, here);
            await tunnel.UntilOpenAsync(cancellationToken);
            return tunnel;
        }
        catch (Exception e)
        {
            if (tunnel is not null) await tunnel.DisposeAsync();
            else folder.Delete(recursive: true);
            if (e is CommandFailedException) throw new RunFailedException(SshFailure.NoProgram.Problem, SshFailure.NoProgram.Remedy, e);
            throw;
        }
    }

    /// <summary>Why nothing can come through any more; null while it can.</summary>
    public string? BrokeBecause()
    {
        var said = ServerProcess.LogTail(LogFile);
        if (!_ssh.Exited.IsCompleted)
            return said.Contains("administratively prohibited", StringComparison.Ordinal) && !EngineAsked
                ? SshFailure.Of(said)!.Problem
                : null;
        var means = SshFailure.Of(said)?.Problem ?? $"ssh ended with code {_ssh.Exited.Result}";
        return "it cannot be reached any more, because the ssh tunnel to its machine broke: "
            + $"{means}{(said.Length > 0 ? $"; ssh said:{Environment.NewLine}{said}" : "")}";
    }

    /// <summary>Set once the engine is asked something: being refused that way is no fault of the server's.</summary>
    public bool EngineAsked { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _ssh.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal static IReadOnlyList<string> Arguments(
        SshDestination destination, IReadOnlyList<(int Local, int Remote)> ports, string localSocket) => destination.Arguments(
    [
        "-N", "-o", "ExitOnForwardFailure=yes", "-o", "Compression=no",
        .. ports.SelectMany(p => (string[])["-L", $"127.0.0.1:{p.Local}:127.0.0.1:{p.Remote}"]), "-L", $"{localSocket}:{RemoteSocket}",
    ]);

    private string LogFile => Path.Combine(_folder.FullName, "ssh.log");

    private static string SocketIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "engine.sock");

    private async Task UntilOpenAsync(CancellationToken cancellationToken)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(AskAgain);
        while (!await LocalPort.AnswersAsync(_ends.Values.First(), cancellationToken))
        {
            var said = ServerProcess.LogTail(LogFile);
            if (_ssh.Exited.IsCompleted)
            {
                var obstacle = SshFailure.Of(said)
                    ?? new Obstacle($"ssh ended with code {_ssh.Exited.Result}", "Try ssh to the Docker Engine's machine by hand");
                throw new RunFailedException(
                    $"the ssh tunnel to the container could not be opened: {obstacle.Problem}{Environment.NewLine}{said}",
                    obstacle.Remedy);
            }
            if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > OpenLimit)
                throw new RunFailedException(
                    $"the ssh tunnel to the container was not open after {OpenLimit.TotalSeconds:0} "
                        + $"s{(said.Length > 0 ? Environment.NewLine + said : "")}",
                    "Try ssh to the Docker Engine's machine by hand");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
