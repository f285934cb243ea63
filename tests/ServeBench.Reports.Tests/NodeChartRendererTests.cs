using System.Text.Json.Nodes;
using ServeBench.Domain.Faults;
using ServeBench.Processes.Commands;
using ServeBench.Reports.Charts;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

public sealed class NodeChartRendererTests : IDisposable
{
    private static readonly Chart Chart = new()
    {
        Name = "c", Title = "t", Caption = "", Description = "d", Place = new ChartPlace(), Width = 100, Height = 50, LegendRows = 1, Option = new JsonObject { ["animation"] = false },
    };

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Runs_node_on_its_script_with_the_charts_as_input()
    {
        var package = Directory.CreateDirectory(Path.Combine(_temporary.Path, "echarts")).FullName;
        var runner = new FakeRunner("[\"<svg/>\"]");
        var drawn = await new NodeChartRenderer(runner, _temporary.Path, "node-20").DrawAsync([Chart], TestContext.Current.CancellationToken);
        Assert.Equal(["<svg/>"], drawn);
        Assert.Equal("node-20", runner.Command!.Program);
        Assert.EndsWith("render-charts.cjs", Assert.Single(runner.Command.Arguments), StringComparison.Ordinal);
        Assert.True(File.Exists(runner.Command.Arguments[0]));
        var input = JsonNode.Parse(runner.Command.StandardInput!)!;
        Assert.Equal(package, (string)input["echarts"]!);
        Assert.Equal("""[{"width":100,"height":50,"option":{"animation":false}}]""", input["charts"]!.ToJsonString());
    }

    [Fact]
    public async Task Says_how_to_install_the_library()
    {
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => new NodeChartRenderer(new FakeRunner("[]"), _temporary.Path).DrawAsync([Chart], TestContext.Current.CancellationToken));
        Assert.Equal("Run npm ci in the repository's folder", failure.Remedy);
    }

    [Fact]
    public async Task Refuses_fewer_drawings_than_charts()
    {
        Directory.CreateDirectory(Path.Combine(_temporary.Path, "echarts"));
        await Assert.ThrowsAsync<RunFailedException>(() => new NodeChartRenderer(new FakeRunner("[]"), _temporary.Path).DrawAsync([Chart], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_chart_that_cannot_be_drawn_is_an_error_with_the_reason()
    {
        var broken = Chart with { Option = new JsonObject { ["series"] = new JsonArray(new JsonObject { ["type"] = "custom", ["renderItem"] = "unheard-of", ["coordinateSystem"] = "none", ["data"] = new JsonArray(1) }) } };
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => Node.Renderer.DrawAsync([broken], TestContext.Current.CancellationToken));
        Assert.IsType<CommandFailedException>(failure);
    }

    private sealed class FakeRunner(string output) : ICommandRunner
    {
        public CommandSpec? Command { get; private set; }

        public Task<CommandResult> TryRunAsync(CommandSpec command, Action<string>? onLine = null, CancellationToken cancellationToken = default)
        {
            Command = command;
            return Task.FromResult(new CommandResult(0, output, "", TimeSpan.Zero));
        }
    }
}
