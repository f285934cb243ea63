using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using ServeBench.Load.Tests.K6;

namespace ServeBench.Load.Tests.Servers;

/// <summary>A gRPC server by grpcio, the implementation that most inference servers stand on. Tests that need it are skipped without it.</summary>
internal sealed class GrpcioServer : IDisposable
{
    private readonly Process _process;

    private GrpcioServer(Process process, int port) => (_process, EndPoint) = (process, new IPEndPoint(IPAddress.Loopback, port));

    public IPEndPoint EndPoint { get; }

    public static async Task<GrpcioServer> StartAsync(CancellationToken ct)
    {
        var script = Path.Combine(Repository.Root, "tests", "ServeBench.Load.Tests", "Servers", "grpcio_server.py");
        // The first on PATH may be one that somebody built; the system's has the packages of the distribution.
        foreach (var python in new[] { "python3", "/usr/bin/python3" })
        {
            if (Start(python, script) is not { } process) continue;
            if (int.TryParse(await process.StandardOutput.ReadLineAsync(ct), out var port)) return new GrpcioServer(process, port);
            var error = await process.StandardError.ReadToEndAsync(ct);
            process.Dispose();
            if (!error.Contains("No module named 'grpc'", StringComparison.Ordinal)) throw new InvalidOperationException(error);
        }
        Assert.Skip("there is no python3 with grpcio (Debian: python3-grpcio)");
        throw new UnreachableException();
    }

    private static Process? Start(string python, string script)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(python, [script]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>It ends with its input.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(20_000)) _process.Kill();
        _process.Dispose();
    }
}
