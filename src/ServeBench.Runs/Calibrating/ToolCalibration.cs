using System.Net;
using ServeBench.Domain.Storage;
using ServeBench.Load.Calibration.Tools;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Storing;

namespace ServeBench.Runs.Calibrating;

/// <summary>Compares every load tool of this machine with our own driver, on the cores that a run gives to client and server.</summary>
public sealed class ToolCalibration(BenchmarkServices services)
{
    /// <param name="tools">The tools, in the order of the table.</param>
    /// <param name="exchange">What each of them sends, and is answered.</param>
    /// <param name="duration">How long each of their loads lasts.</param>
    /// <param name="cancellationToken">Ends the load under way.</param>
    public async Task<IReadOnlyList<ToolResult>> MeasureAsync(
        IReadOnlyList<ILoadTool> tools, ToolExchange exchange, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var held = MachineLock.Take();
        using var step = services.Observer.Begin("Comparing load tools", 3 * tools.Count * duration);
        CpuAffinity.PinThisProcess(services.Cores.Client);
        var answer = Path.Combine(services.ArtifactsFolder, "logs", "null-server-tools-answer.json");
        AtomicFile.WriteText(answer, exchange.Answer);
        var comparison = new ToolComparison((latency, ct) => StartAsync(answer, latency, ct));
        var results = new List<ToolResult>();
        foreach (var tool in tools)
        {
            step.Report((double)results.Count / tools.Count, tool.Name);
            results.Add(await comparison.CompareAsync(tool, exchange.Body, duration, services.Cores.Client, cancellationToken));
        }
        return results;
    }

    private async Task<(IPEndPoint, IAsyncDisposable)> StartAsync(string answer, string latency, CancellationToken cancellationToken)
    {
        var server = await NullServer.StartAsync(
            services.NullServerProgram, [$"--body={answer}", $"--latency={latency}"], services.Cores.Server,
            Path.Combine(services.ArtifactsFolder, "logs", "null-server-tools.log"), cancellationToken);
        CpuAffinity.PinThisProcess(services.Cores.Client);
        return (server.Endpoint, server);
    }
}
