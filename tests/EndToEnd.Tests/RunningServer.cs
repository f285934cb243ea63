using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ServeBench.EndToEnd.Tests;

/// <summary>ServeBench's own server, started by hand as its user would: no pipeline knows of it.</summary>
internal sealed class RunningServer : IDisposable
{
    private readonly Process _process;

    private RunningServer(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>Prepares the model, starts the server and waits until it is ready.</summary>
    public static async Task<RunningServer> StartAsync()
    {
        var (prepared, said) = await Pipeline.RunAsync("--target=Models", "--model=all-MiniLM-L6-v2", "--weights=seeded");
        Assert.True(prepared == 0, said);
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        var process = Process.Start(new ProcessStartInfo(
            Path.Combine(Pipeline.Root, "artifacts", "bin", "ServeBench.OnnxServer", "release", "ServeBench.OnnxServer"),
            [
                $"--urls={url}",
                $"--model={Path.Combine(Pipeline.Root, "artifacts", "models", "all-MiniLM-L6-v2", "current")}",
                "--threads=1",
                "--long-inputs=truncate",
            ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new RunningServer(process, url);
        using var client = new HttpClient();
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            Assert.False(process.HasExited, "the server ended by itself");
            Assert.True(since.Elapsed < TimeSpan.FromMinutes(1), "the server is not ready after a minute");
            try
            {
                using var answer = await client.GetAsync(new Uri(url, "/v2/health/ready"), TestContext.Current.CancellationToken);
                if (answer.IsSuccessStatusCode) return server;
            }
            catch (HttpRequestException)
            {
                // Nobody listens yet.
            }
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public bool HasExited => _process.HasExited;

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
