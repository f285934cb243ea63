using System.Net;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Processes.Servers;

namespace ServeBench.Runs.Calibrating;

/// <summary>The null server that the driver is measured against, running on the servers' cores.</summary>
public sealed class NullServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly ServerProcess _process;
    private readonly string _logFile;

    private NullServer(ServerProcess process, IPEndPoint endpoint, string logFile)
    {
        _process = process;
        _logFile = logFile;
        Endpoint = endpoint;
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>Hash of the program's code, with what it depends on: another null server is another measure.</summary>
    public static string Fingerprint(string program)
    {
        using var hash = new ContentHash();
        hash.Add("program", ContentHash.OfFile(File.Exists(program + ".dll") ? program + ".dll" : program));
        var platform = Path.Combine(Path.GetDirectoryName(program)!, "ServeBench.Platform.dll");
        return (File.Exists(platform) ? hash.Add("platform", ContentHash.OfFile(platform)) : hash).Finish();
    }

    /// <param name="program">Path of the built ServeBench.NullServer.</param>
    /// <param name="arguments">Its arguments but for the port.</param>
    /// <param name="cpus">Where it runs.</param>
    /// <param name="logFile">Gets its output, the first line of which is its address.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <exception cref="RunFailedException">when it does not start.</exception>
    public static async Task<NullServer> StartAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyList<int> cpus, string logFile, CancellationToken cancellationToken)
    {
        // Its first line is the address: one that an earlier server has left must not be taken for it.
        if (File.Exists(logFile)) File.Delete(logFile);
        var process = await ServerProcess.StartAsync(new ServerSpec
        {
            Program = program,
            Arguments = [.. arguments, "--port=0"],
            LogFile = logFile,
            Cpus = cpus,
            StopLimit = TimeSpan.FromSeconds(2),
        });
        try
        {
            return new NullServer(process, await AddressAsync(process, logFile, cancellationToken), logFile);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>How it ended, with its last words, when it has ended by itself; null while it runs.</summary>
    public string? EndedBecause() => _process.Exited.IsCompleted
        ? $"the null server ended with code {_process.Exited.Result}; "
            + $"the end of its log ({_logFile}):{Environment.NewLine}{ServerProcess.LogTail(_logFile)}"
        : null;

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<IPEndPoint> AddressAsync(ServerProcess process, string logFile, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            while (true)
            {
                var line = File.Exists(logFile) ? ServerProcess.LogTail(logFile, 1).Trim() : "";
                if (Uri.TryCreate(line, UriKind.Absolute, out var address) && address.Scheme == "http")
                    return IPEndPoint.Parse(address.Authority);
                if (process.Exited.IsCompleted) break;
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Falls through to the same failure as a server that ended.
        }
        throw new RunFailedException(
            $"the null server did not start:{Environment.NewLine}{ServerProcess.LogTail(logFile)}",
            "Build it again with ./build.sh, and see its log");
    }
}
