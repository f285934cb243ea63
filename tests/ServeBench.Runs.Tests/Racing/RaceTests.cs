using ServeBench.Domain.Faults;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;
using ServeBench.Runs.Racing;
using ServeBench.Runs.Storing;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Racing;

/// <summary>Runs that go on until they are decided, with a stopping rule of the test's own.</summary>
[Collection("sessions")]
public sealed class RaceTests : IDisposable
{
    private readonly World _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    [Lane("slow")]
    public async Task Further_blocks_go_to_the_stacks_in_contention_until_it_is_decided()
    {
        _world.Look = cases => new RaceView(Trials(cases) >= 4, false, ["beta"]);
        var outcome = await _world.Start(r => r with { UntilDecided = true }).LoadAsync(Cancelled);
        var manifest = outcome.Folder.ReadManifest();
        Assert.Equal(4, manifest.Blocks.Count);
        Assert.All(manifest.Blocks.Take(2), b => Assert.Equal(["alpha", "alpha (again)", "beta", "raw runtime"], b.Order(StringComparer.Ordinal)));
        Assert.All(manifest.Blocks.Skip(2), b => Assert.Equal(["raw runtime", "beta"], b));
        Assert.NotNull(manifest.FinishedUtc);
        Assert.Equal(18 + 6, outcome.Summary.Measured);
        var cases = RunEvaluator.Evaluate(outcome.Folder, Cancelled).Cases;
        Assert.All(cases, c => Assert.Equal(c.Stack == "beta" ? 4 : 2, c.Trials.Count));
        // The same command finds it finished.
        Assert.Equal(0, (await _world.Start(r => r with { UntilDecided = true }).LoadAsync(Cancelled)).Summary.Measured);
    }

    [Fact]
    [Lane("slow")]
    public async Task The_budget_ends_it()
    {
        _world.Look = _ => new RaceView(false, false, ["alpha", "beta"]);
        var outcome = await _world.Start(r => r with { UntilDecided = true, Budget = TimeSpan.FromTicks(1) }).LoadAsync(Cancelled);
        Assert.Equal(2, outcome.Folder.ReadManifest().Blocks.Count);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_race_that_was_interrupted_goes_on_with_what_it_has()
    {
        _world.Look = cases => new RaceView(Trials(cases) >= 4, false, ["beta"]);
        var session = _world.Start(r => r with { UntilDecided = true });
        using var cancel = new CancellationTokenSource();
        _world.Driver.Before = (number, _) =>
        {
            if (number == 23) cancel.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.LoadAsync(cancel.Token));
        var interrupted = RunDirectory.Find(_world.Repository.Runs, "latest");
        var outcome = await _world.Start(r => r with { UntilDecided = true }).LoadAsync(Cancelled);
        Assert.Equal(interrupted.Id, outcome.Folder.Id);
        Assert.Equal((2, 22), (outcome.Summary.Measured, outcome.Summary.Reused));
    }

    [Fact]
    public void Without_a_stopping_rule_there_is_no_race() =>
        Assert.Contains("no stopping rule", Assert.Throws<FaultException>(() => _world.Start(r => r with { UntilDecided = true })).Faults.Single().Problem, StringComparison.Ordinal);

    private static int Trials(IReadOnlyList<CaseResult> cases) => cases.Max(c => c.Trials.Count);
}
