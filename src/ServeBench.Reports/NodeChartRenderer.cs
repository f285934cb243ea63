using System.Text.Json;
using System.Text.Json.Nodes;
using ServeBench.Domain.Faults;
using ServeBench.Processes.Commands;
using ServeBench.Reports.Charts;

namespace ServeBench.Reports;

/// <summary>Draws with Apache ECharts in Node; nothing is fetched.</summary>
/// <param name="commands">Runs Node.</param>
/// <param name="nodeModules">The folder that npm installed packages into; holds <c>echarts</c>.</param>
/// <param name="node">The Node program.</param>
public sealed class NodeChartRenderer(ICommandRunner commands, string nodeModules, string node = "node") : IChartRenderer
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _package = Path.GetFullPath(Path.Combine(nodeModules, "echarts"));

    public async Task<IReadOnlyList<string>> DrawAsync(IReadOnlyList<Chart> charts, CancellationToken cancellationToken)
    {
        if (charts.Count == 0) return [];
        CheckPackage();
        var request = new JsonObject
        {
            ["echarts"] = _package,
            ["charts"] = new JsonArray([.. charts.Select(c => new JsonObject { ["width"] = c.Width, ["height"] = c.Height, ["option"] = c.Option.DeepClone() })]),
        };
        var command = new CommandSpec(node, Path.Combine(AppContext.BaseDirectory, "Scripts", "render-charts.cjs"))
        {
            StandardInput = request.ToJsonString(),
            Timeout = Limit,
            Remedy = "Node 20 or newer draws the charts: check that it is installed, and run npm ci",
        };
        var result = await commands.RunAsync(command, cancellationToken: cancellationToken);
        var drawn = JsonSerializer.Deserialize<string[]>(result.Output) ?? [];
        return drawn.Length == charts.Count
            ? drawn
            : throw new RunFailedException($"{charts.Count} charts were to be drawn and {drawn.Length} were", command.Remedy);
    }

    public Task<string> ReadLibraryAsync(CancellationToken cancellationToken)
    {
        CheckPackage();
        return File.ReadAllTextAsync(Path.Combine(_package, "dist", "echarts.min.js"), cancellationToken);
    }

    private void CheckPackage()
    {
        if (!Directory.Exists(_package))
            throw new RunFailedException($"the chart library is not in {_package}", "Run npm ci in the repository's folder");
    }
}
