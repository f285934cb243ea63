using System.Net;
using System.Text.Json;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Workloads;

namespace ServeBench.Load.Calibration.Tools;

/// <summary>
/// Which load tool reports the truth: each against a null server of its own, fast for its speed and slow by a known distribution
/// for its honesty.
/// </summary>
/// <param name="startServer">Starts a null server with a latency distribution; disposing what it gives ends that server.</param>
public sealed class ToolComparison(Func<string, CancellationToken, Task<(IPEndPoint EndPoint, IAsyncDisposable Server)>> startServer)
{
    public const string Planted = "lognormal:p50=5ms,p99=50ms";
    public const int Concurrency = 16;

    private const string Path = "/";

    /// <summary>Constant rate at which lateness is measured, unless the tool reaches less than twice of it.</summary>
    private const double LatenessRate = 1000;

    /// <summary>The percentiles that every tool is asked for.</summary>
    public static IReadOnlyList<double> Percentiles { get; } = [50, 95, 99];

    /// <param name="tool">The tool.</param>
    /// <param name="body">What it posts.</param>
    /// <param name="duration">How long each of its loads lasts.</param>
    /// <param name="cpus">The cores of the client.</param>
    public async Task<ToolResult> CompareAsync(
        ILoadTool tool, byte[] body, TimeSpan duration, IReadOnlyList<int> cpus, CancellationToken ct)
    {
        ToolJob Job(IPEndPoint server) => new(server, Path, body, Concurrency, duration);
        Task<ToolRun> Run(IPEndPoint server) => tool.RunAsync(Job(server), ct);
        var fast = await WithServerAsync("none", (server, _) => Run(server), ct);
        var slow = await WithServerAsync(
            Planted,
            async (server, planted) => (Run: await Run(server), Truth: await planted()),
            ct);
        var points = Percentiles
            .Select(p => new ToolPoint(p, slow.Truth[p], slow.Run.Percentiles.TryGetValue(p, out var reported) ? reported : null))
            .ToArray();
        var result = new ToolResult(tool.Name, fast.RequestsPerSecond, fast.CpuSeconds / fast.Requests, slow.Run.Requests, points);
        if (tool.Driver is not { } driver) return result;
        var rate = double.Parse(Math.Min(LatenessRate, fast.RequestsPerSecond / 2).ToString("G2"));
        var late = await WithServerAsync("none", (server, _) => LatenessAsync(driver, Job(server), rate, cpus, ct), ct);
        return result with { LatenessP99Seconds = late, LatenessRate = rate };
    }

    private async Task<T> WithServerAsync<T>(
        string latency, Func<IPEndPoint, Func<Task<IReadOnlyDictionary<double, double>>>, Task<T>> use, CancellationToken ct)
    {
        var (endPoint, server) = await startServer(latency, ct);
        await using (server) return await use(endPoint, () => TruthAsync(endPoint, ct));
    }

    /// <summary>What the server planted, by its own account.</summary>
    private static async Task<IReadOnlyDictionary<double, double>> TruthAsync(IPEndPoint server, CancellationToken ct)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var json = JsonDocument.Parse(await client.GetStringAsync(new Uri($"http://{server}/planted"), ct));
        var planned = json.RootElement.GetProperty("planned");
        return Percentiles.ToDictionary(p => p, p => planned.GetProperty($"p{p}").GetDouble());
    }

    private static async Task<double> LatenessAsync(
        ILoadDriver driver, ToolJob job, double rate, IReadOnlyList<int> cpus, CancellationToken ct)
    {
        var result = await driver.RunAsync(
            new LoadJob
            {
                Title = "tools lateness",
                Target = job.Target,
                Payloads = job.Payloads,
                Shape = new OpenLoop(ArrivalProcesses.Constant, rate),
                WarmUp = new WarmUpSettings(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1), 4),
                Measure = job.Duration,
                Deadline = TimeSpan.FromSeconds(10),
                Objectives = new Objectives(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(125), 0),
                ArrivalSeed = 1,
                OrderSeed = 1,
                CheckAnswers = false,
                ClientCpus = cpus,
            },
            ct);
        var lags = result.Samples.Rows.ToArray().Select(s => s.Lag).Order().ToArray();
        return Quantiles.Seconds(lags, 0.99);
    }
}
