using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;

namespace ServeBench.EndToEnd.Tests;

/// <summary>The parity gate against real servers that answer wrongly: caught, told with the numbers, and never timed.</summary>
public sealed class ParityTests : IDisposable
{
    private static readonly Dictionary<string, Action<string>> Faults = new()
    {
        ["one-weight-changed"] = PlantedFaults.ChangeOneWeight,
        ["first-token-pooled"] = PlantedFaults.PoolTheFirstToken,
        ["texts-cut-short"] = PlantedFaults.CutTextsShort,
    };

    private readonly Checkout _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task A_stack_with_a_planted_fault_fails_parity_and_is_not_timed()
    {
        var (prepared, said) = await Pipeline.RunAsync("--target=Models", "--model=all-MiniLM-L6-v2", "--weights=seeded");
        Assert.True(prepared == ExitCodes.Success, said);
        var model = Path.Combine(Pipeline.Root, "artifacts", "models", "all-MiniLM-L6-v2", "current");
        // Through the same copying, so that what fails the others is the fault alone.
        _checkout.AddStack("no-fault", _checkout.CopyModel(model, "no-fault", _ => { }));
        foreach (var (name, plant) in Faults) _checkout.AddStack(name, _checkout.CopyModel(model, name, plant));

        var (code, output) = await Pipeline.RunInAsync(_checkout.Root, "--target=Benchmark", "--group=embeddings", "--workload=sequence-128", "--profile=smoke", "--trials=1", "--weights=seeded", $"--out={_checkout.Runs}");

        Assert.True(code == ExitCodes.Invalid, output);
        var folder = new RunFolder(Path.Combine(_checkout.Runs, "latest"));
        var manifest = folder.ReadManifest();
        var deployments = folder.ReadDeployments();
        var report = await File.ReadAllTextAsync(Path.Combine(folder.Path, "report.md"), TestContext.Current.CancellationToken);
        foreach (var name in Faults.Keys)
        {
            Assert.All(deployments.Where(d => d.Stack == name), d => Assert.True(d is { Parity: { Passed: false, MaximumDifference: > 1e-3 }, ColdStartSeconds: null }, $"{name}: {d.Failure}"));
            Assert.Contains(deployments, d => d.Stack == name && d.Failure!.StartsWith("PARITY FAILED: ", StringComparison.Ordinal) && d.Failure.Contains("largest difference 0.", StringComparison.Ordinal));
            Assert.All(manifest.Trials.Where(t => t.Contender == name), t => Assert.Null(folder.ReadTrial(t)));
            Assert.Contains($"A server with {name}, trial 1: PARITY FAILED: ", report, StringComparison.Ordinal);
        }
        Assert.All(deployments.Where(d => d.Stack == "no-fault"), d => Assert.True(d is { Failure: null, Parity: { Passed: true, MaximumDifference: < 1e-5 } }, d.Failure));
        Assert.All(manifest.Trials.Where(t => t.Contender == "no-fault"), t => Assert.True(folder.ReadTrial(t)!.SampleCount > 0));
        await Servers.UntilNoneAsync();
    }
}
