using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evidence;
using ServeBench.Synthetic;

namespace ServeBench.Measurement.Tests.Evidence;

public sealed class EvidenceFolderTests : IDisposable
{
    private const string Command = "./build.sh --target=Evidence --what=none";
    private static readonly ClosedLoop Shape = new(4);

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    /// <summary>So one comparison can be evaluated at every number of trials, and is whole again in the end.</summary>
    [Fact]
    public void A_run_can_end_after_fewer_trials_and_go_on()
    {
        var scenario = new ScenarioRecord("saturation", "Throughput", "capacity", [new LevelRecord(Shape.Id, Shape.Title)]);
        var folder = new EvidenceFolder(_temporary.Path, "run", scenario, Shape.In(EvidenceFolder.Load), 2, Command);
        for (var trial = 1; trial <= 3; trial++)
        {
            foreach (var stack in (int[])[1, 0])
                folder.Add(stack, trial, new SampleTable(0), 1, new WarmUpRecord(true, 1, []), new ClientUse { CoresBusy = 0.1, Steal = 0, Cpus = [0] });
        }
        Assert.Equal((4, 2), Size(folder.Finish(2)));
        Assert.Equal((6, 3), Size(folder.Finish()));
    }

    private static (int Trials, int Blocks) Size(RunFolder folder)
    {
        var manifest = folder.ReadManifest();
        Assert.Equal(Command, manifest.Command);
        Assert.Equal(manifest.Blocks.Count, manifest.Profile.Trials);
        Assert.All(manifest.Trials, t => Assert.True(folder.ReadTrial(t)!.Load is { Concurrency: 4 }));
        return (manifest.Trials.Count, manifest.Blocks.Count);
    }
}
