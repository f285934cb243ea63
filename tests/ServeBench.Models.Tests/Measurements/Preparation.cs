using System.Diagnostics;
using System.Globalization;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Measurements;

/// <summary>
/// How long drawing, exporting and computing the references take, from an empty folder, and how long finding them again;
/// explicit, for a quiet machine. Wall time is what a user waits, processor time is what a busy machine does not distort.
/// <code>ServeBench.Models.Tests -explicit only -class ServeBench.Models.Tests.Measurements.Preparation -showLiveOutput</code>
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class Preparation
{
    [Theory(Explicit = true)]
    [InlineData("all-MiniLM-L6-v2")]
    [InlineData("sentence-bert-base")]
    public async Task From_nothing_and_again(string name)
    {
        var card = Repository.Card(name);
        for (var round = 1; round <= 3; round++)
        {
            using var folder = new TemporaryFolder();
            var first = await PrepareAsync(card, folder);
            var second = await PrepareAsync(card, folder);
            var line = string.Create(CultureInfo.InvariantCulture, $"{name}, round {round}: {first.Wall:0.00} s, {first.Processor:0.00} s of processor time; again: {second.Wall * 1e3:0.0} ms");
            TestContext.Current.TestOutputHelper!.WriteLine(line);
        }
    }

    private static async Task<(double Wall, double Processor)> PrepareAsync(ModelCard card, TemporaryFolder folder)
    {
        var (wall, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await new ModelStore(folder.Path, Repository.Packages)
            .PrepareAsync(card, new ModelRequest { Weights = WeightsSource.Seeded }, SilentObserver.Instance, TestContext.Current.CancellationToken);
        return (Stopwatch.GetElapsedTime(wall).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }
}
