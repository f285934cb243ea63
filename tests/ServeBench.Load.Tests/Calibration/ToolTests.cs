using System.Net;
using ServeBench.Load.Calibration.Tools;
using ServeBench.Load.Native;
using ServeBench.Load.Tests.Native;
using ServeBench.NullServer;
using ServeBench.NullServer.Latency;
using ServeBench.Processes.Commands;

namespace ServeBench.Load.Tests.Calibration;

[Lane("slow")]
public sealed class ToolTests : DriverTest
{
    private static readonly byte[] Body = """{"input":["x"]}"""u8.ToArray();

    [Fact]
    public void A_shell_tells_what_its_children_used()
    {
        Assert.Equal(62.5 + 0.25, CommandTool.CpuSeconds("noise\n0m0.00s 0m0.01s\n1m2.50s 0m0.25s\n"));
        Assert.Null(CommandTool.CpuSeconds("sh: times: not found"));
    }

    [Fact]
    public async Task Our_own_driver_is_put_beside_others()
    {
        var result = await CompareAsync(new DriverTool(NativeDriver.Portable, []));
        Check(result, NativeDriver.Portable.Name);
        Assert.True(result.LatenessP99Seconds > 0);
    }

    [Theory]
    [InlineData("wrk")]
    [InlineData("hey")]
    [InlineData("ab")]
    public async Task An_installed_tool_is_put_beside_ours(string name)
    {
        var tools = await InstalledTools.FindAsync(new CommandRunner(), Environment.GetEnvironmentVariable("PATH") ?? "", Ct);
        var tool = tools.FirstOrDefault(t => t.Name.Split(' ')[0] == name);
        Assert.SkipWhen(tool is null, $"{name} is not installed");
        var result = await CompareAsync(tool);
        Check(result, name);
        Assert.True(result.CpuSecondsPerRequest is > 0 and < 0.1);
        Assert.Null(result.LatenessP99Seconds);
    }

    [Fact]
    public async Task Nothing_is_installed_on_an_empty_path() => Assert.Empty(await InstalledTools.FindAsync(new CommandRunner(), "", Ct));

    private static void Check(ToolResult result, string name)
    {
        Assert.StartsWith(name, result.Tool, StringComparison.Ordinal);
        Assert.True(result.RequestsPerSecond > 10);
        Assert.True(result.Requests > 10);
        Assert.Equal([50, 95, 99], result.Points.Select(p => p.Percentile));
        // However busy the machine: nothing can come back before the server lets it go (ab tells whole milliseconds).
        Assert.True(result.Points[0].ReportedSeconds > 0.5 * result.Points[0].PlantedSeconds);
    }

    private static Task<ToolResult> CompareAsync(ILoadTool tool) => new ToolComparison((latency, _) =>
    {
        var server = NullServerHost.Start(new NullServerOptions { Body = NullAnswers.Vectors(8), Latency = LatencyDistribution.TryParse(latency, out var problem) ?? throw new ArgumentException(problem, nameof(latency)) });
        return Task.FromResult<(IPEndPoint, IAsyncDisposable)>((server.EndPoint, new Ending(server)));
    }).CompareAsync(tool, Body, TimeSpan.FromSeconds(1), [], Ct);

    private sealed class Ending(NullServerHost server) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            server.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
