using ServeBench.Build.Composition;
using ServeBench.Measurement.Statistics;
using ServeBench.Runs.Storing;

namespace ServeBench.Build.Evidence.Servers;

/// <summary>Launch to the first right answer, memory after load, and the size of the program.</summary>
internal static class LaunchEvidence
{
    private const int Launches = 15;
    private const int InFlight = 32;
    private const double MiB = 1 << 20;

    public static async Task TellAsync(BuildContext context)
    {
        using var held = MachineLock.Take();
        var bench = await ServerBench.OpenAsync(context, Workloads.Mixed);
        var cache = Directory.CreateTempSubdirectory("servebench-cache-").FullName;
        try
        {
            context.Screen.Table(
                [
                    ["", "first right answer, ms: median (range)", "resident then, MiB", "resident after load, MiB"],
                    await RowAsync(bench, "model read"),
                    await RowAsync(bench, "model mapped (--cache)", $"--cache={cache}"),
                ],
                hasHeading: true);
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
        var folder = Path.GetDirectoryName(bench.Program)!;
        var size = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        context.Screen.Say(
            $"{Launches} launches each, on the server's cores ({bench.Cores}); "
                + $"{size / 1e6:0.0} MB in the program's folder {context.Services.Paths.Shown(folder)}.");
    }

    private static async Task<string[]> RowAsync(ServerBench bench, string name, params string[] arguments)
    {
        var times = new List<double>();
        var (first, loaded) = (0L, 0L);
        // The first launch fills caches, the machine's and the server's.
        for (var i = 0; i <= Launches; i++)
        {
            await using var server = await BenchServer.StartAsync(
                bench.Program, [$"--model={bench.Model.Folder}", "--threads=1", "--log-level=none", .. arguments], bench.Cores.Server,
                Path.Combine(Path.GetTempPath(), "servebench-launch.log"));
            var took = await bench.FirstAnswerAsync(server);
            if (i > 0) times.Add(took.TotalMilliseconds);
            first = server.Resident;
            if (i < Launches) continue;
            await bench.ClosedLoopAsync(server, InFlight, ServerBench.Window(5));
            loaded = server.Resident;
        }
        return
        [
            name, $"{Spread.MedianOf(times):0} ({times.Min():0}-{times.Max():0})", $"{first / MiB:0}", $"{loaded / MiB:0}",
        ];
    }
}
