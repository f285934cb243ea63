using System.Net;
using System.Text;
using ServeBench.Load.Calibration.Tools;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Storing;

namespace ServeBench.Runs.Calibrating;

/// <summary>Puts every load tool of this machine beside our own driver, on the cores that a run gives to client and server.</summary>
public sealed class ToolCalibration(BenchmarkServices services)
{
    /// <summary>
    /// Of a request and of an answer: those of one sentence and of 384 numbers. What the bytes say means nothing to a load tool.
    /// </summary>
    private const int RequestBytes = 148;
    private const int AnswerBytes = 4357;

    private static readonly byte[] Body = Encoding.ASCII.GetBytes($"\"{new string('x', RequestBytes - 2)}\"");

    /// <param name="tools">The tools, in the order of the table.</param>
    /// <param name="duration">How long each of their loads lasts.</param>
    /// <param name="cancellationToken">Ends the load under way.</param>
    public async Task<IReadOnlyList<ToolResult>> MeasureAsync(
        IReadOnlyList<ILoadTool> tools, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var held = MachineLock.Take();
        using var step = services.Observer.Begin("Putting load tools beside each other", 3 * tools.Count * duration);
        CpuAffinity.PinThisProcess(services.Cores.Client);
        var comparison = new ToolComparison(StartAsync);
        var results = new List<ToolResult>();
        foreach (var tool in tools)
        {
            step.Report((double)results.Count / tools.Count, tool.Name);
            results.Add(await comparison.CompareAsync(tool, Body, duration, services.Cores.Client, cancellationToken));
        }
        return results;
    }

    private async Task<(IPEndPoint, IAsyncDisposable)> StartAsync(string latency, CancellationToken cancellationToken)
    {
        var server = await NullServer.StartAsync(
            services.NullServerProgram, [$"--response-bytes={AnswerBytes}", $"--latency={latency}"], services.Cores.Server,
            Path.Combine(services.ArtifactsFolder, "logs", "null-server-tools.log"), cancellationToken);
        CpuAffinity.PinThisProcess(services.Cores.Client);
        return (server.Endpoint, server);
    }
}
