using ServeBench.Domain.Storage;
using ServeBench.Runs.Storing;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests;

/// <summary>
/// What is stored is not measured again; what has changed, is damaged or was interrupted is. Whole sessions over real files and
/// a real model, with a fake host and a fake driver; the plan is that of <see cref="SessionTests"/>.
/// </summary>
[Collection("sessions")]
[Lane("slow")]
public sealed class ReuseTests : IDisposable
{
    private const int AllCases = 18;

    private readonly World _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_same_again_does_nothing_at_all()
    {
        var first = await _world.Start().LoadAsync(Cancelled);
        var before = Snapshot(first.Folder.Path);
        var second = await _world.Start().LoadAsync(Cancelled);
        Assert.True(second.Untouched);
        Assert.Equal(first.Folder.Id, second.Folder.Id);
        Assert.Equal(0, _world.Driver.Jobs);
        Assert.Empty(_world.Host.Deployed);
        Assert.Equal(before, Snapshot(first.Folder.Path));
    }

    [Fact]
    public async Task A_changed_stack_is_measured_again_and_nothing_else()
    {
        var first = await _world.Start().LoadAsync(Cancelled);
        _world.Repository.Stack("beta", "# a change");
        var second = await _world.Start().LoadAsync(Cancelled);

        Assert.Equal(new(6, 12, 0), second.Summary);
        Assert.Equal(["beta", "beta"], _world.Host.Deployed);
        Assert.NotEqual(first.Folder.Id, second.Folder.Id);
        var measuredBy = second.Folder.ReadManifest().Trials.Select(t => second.Folder.ReadTrial(t)!).ToLookup(t => t.Case.Contender, t => t.MeasuredByRun);
        Assert.All(measuredBy["beta"], run => Assert.Equal(second.Folder.Id, run));
        Assert.All(measuredBy["alpha"], run => Assert.Equal(first.Folder.Id, run));
        // The folder is whole by itself: the deployments of what was reused are there, too.
        Assert.Equal(6, second.Folder.ReadDeployments().Count);
    }

    [Fact]
    public async Task What_is_measured_anew_gets_ceilings_of_its_own_run_and_what_is_reused_keeps_its()
    {
        (int, string)[] Ceilings(RunFolder folder) => [.. folder.ReadCeilings().Where(c => c.Trial > 0).Select(c => (c.Trial, c.MeasuredByRun)).Distinct().Order()];
        var first = (await _world.Start().LoadAsync(Cancelled)).Folder;
        Assert.Equal([(1, first.Id), (2, first.Id)], Ceilings(first));

        _world.Repository.Stack("beta", "# a change");
        var second = (await _world.Start().LoadAsync(Cancelled)).Folder;
        Assert.Equal([(1, first.Id), (1, second.Id), (2, first.Id), (2, second.Id)], Ceilings(second));

        // Where nothing is measured, the raw runtime is not either.
        var subset = (await _world.Start(r => r with { Stacks = ["alpha"] }).LoadAsync(Cancelled)).Folder;
        Assert.DoesNotContain(Ceilings(subset), c => c.Item2 == subset.Id);
        Assert.Contains((1, first.Id), Ceilings(subset));
    }

    [Fact]
    public async Task A_changed_readme_of_a_stack_changes_nothing()
    {
        await _world.Start().LoadAsync(Cancelled);
        _world.Repository.Write("src/stacks/beta/README.md", "words");
        Assert.True((await _world.Start().LoadAsync(Cancelled)).Untouched);
    }

    [Fact]
    public async Task Why_the_weights_are_what_they_are_decides_nothing()
    {
        // Seeded because they were asked for, then because nothing may be downloaded: the same weights, so the same results.
        var first = await _world.Start().LoadAsync(Cancelled);
        var second = await _world.Start(r => r with { Weights = "auto" }).LoadAsync(Cancelled);
        Assert.NotEqual("", first.Folder.ReadManifest().Models[0].WeightsReason);
        Assert.Equal(AllCases, second.Summary.Reused);
        Assert.Equal(0, _world.Driver.Jobs);
    }

    [Fact]
    public async Task Without_a_seed_each_new_run_draws_one_and_the_same_command_goes_on_with_it()
    {
        var first = await _world.Start(r => r with { Seed = null }).LoadAsync(Cancelled);
        var manifest = first.Folder.ReadManifest();
        Assert.True(manifest.SeedDrawn);
        Assert.True((await _world.Start(r => r with { Seed = null }).LoadAsync(Cancelled)).Untouched);
        var forced = await _world.Start(r => r with { Seed = null, Force = true }).LoadAsync(Cancelled);
        Assert.NotEqual(manifest.Seeds.Base, forced.Folder.ReadManifest().Seeds.Base);
        Assert.Equal(new(AllCases, 0, 0), forced.Summary);
        // Another command is another run.
        var other = await _world.Start(r => r with { Seed = null, Command = "./build.sh --trials=2" }).LoadAsync(Cancelled);
        Assert.Equal(0, other.Summary.Reused);
    }

    [Fact]
    public async Task A_subset_reuses_what_the_whole_has_measured()
    {
        await _world.Start().LoadAsync(Cancelled);
        var outcome = await _world.Start(r => r with { Stacks = ["alpha"], Scenarios = ["steady"] }).LoadAsync(Cancelled);
        Assert.Equal(new(0, 4, 0), outcome.Summary);
        Assert.Empty(_world.Host.Deployed);
        Assert.Contains(outcome.Folder.ReadManifest().NotMeasured, n => n.What == "beta");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(11)]
    [InlineData(18)]
    public async Task An_interrupted_run_goes_on_from_there(int job)
    {
        var session = _world.Start();
        using var cancel = new CancellationTokenSource();
        _world.Driver.Before = (number, _) =>
        {
            if (number == job) cancel.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.LoadAsync(cancel.Token));
        Assert.Equal(0, _world.Host.Alive);
        var interrupted = RunDirectory.Find(_world.Repository.Runs, "latest");
        Assert.Null(interrupted.ReadManifest().FinishedUtc);
        var ceilings = interrupted.ReadCeilings();

        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.All(ceilings, c => Assert.Contains(outcome.Folder.ReadCeilings(), o => o.Fingerprint == c.Fingerprint && o.StartedUtc == c.StartedUtc));
        Assert.Equal(interrupted.Id, outcome.Folder.Id);
        Assert.Equal(new(AllCases - (job - 1), job - 1, 0), outcome.Summary);
        var manifest = outcome.Folder.ReadManifest();
        Assert.NotNull(manifest.FinishedUtc);
        Assert.All(manifest.Trials, t => Assert.Equal(outcome.Folder.Id, outcome.Folder.ReadTrial(t)!.MeasuredByRun));
        Assert.True((await _world.Start().LoadAsync(Cancelled)).Untouched);
    }

    [Fact]
    public async Task Force_measures_again_in_a_run_of_its_own()
    {
        var first = await _world.Start().LoadAsync(Cancelled);
        var second = await _world.Start(r => r with { Force = true }).LoadAsync(Cancelled);
        Assert.Equal(new(AllCases, 0, 0), second.Summary);
        Assert.NotEqual(first.Folder.Id, second.Folder.Id);
        // Without --force the newest run stands.
        Assert.Equal(second.Folder.Id, (await _world.Start().LoadAsync(Cancelled)).Folder.Id);
    }

    /// <summary>An INVALID case is measured again by the same command: what spoiled it, and nothing else. What is valid stays as it is.</summary>
    [Fact]
    public async Task An_interrupted_forced_run_goes_on_with_what_it_measured_itself()
    {
        await _world.Start().LoadAsync(Cancelled);
        var session = _world.Start(r => r with { Force = true });
        using var cancel = new CancellationTokenSource();
        _world.Driver.Before = (number, _) =>
        {
            if (number == 8) cancel.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.LoadAsync(cancel.Token));
        var outcome = await _world.Start(r => r with { Force = true }).LoadAsync(Cancelled);
        Assert.Equal(new(AllCases - 7, 7, 0), outcome.Summary);
    }

    [Fact]
    public async Task A_damaged_result_is_measured_again()
    {
        var first = await _world.Start().LoadAsync(Cancelled);
        Directory.Delete(_world.Repository.Runs, recursive: true);
        var samples = Directory.EnumerateFiles(Path.Combine(_world.Repository.Root, "artifacts", "results", "trials"), "*.samples", SearchOption.AllDirectories).First();
        var bytes = File.ReadAllBytes(samples);
        bytes[^1] ^= 1;
        File.WriteAllBytes(samples, bytes);
        var second = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(new(1, AllCases - 1, 0), second.Summary);
        Assert.NotEqual(first.Folder.Id, second.Folder.Id);
    }

    [Theory]
    [InlineData(Behaviour.CannotBeStarted, "it cannot be started")]
    [InlineData(Behaviour.EndsAtOnce, "it did not start: it ended by itself with code 1")]
    [InlineData(Behaviour.NeverReady, "it was not ready within 0.2 s")]
    [InlineData(Behaviour.AnswersWrongly, "PARITY FAILED")]
    internal async Task A_stack_that_cannot_be_used_is_told_and_the_others_go_on(Behaviour behaviour, string reason)
    {
        _world.Host.Behaviours["beta"] = behaviour;
        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(new(12, 0, 6), outcome.Summary);
        Assert.Equal(0, _world.Host.Alive);
        var failed = outcome.Folder.ReadDeployments().Where(d => d.Contender == "beta").ToArray();
        Assert.Equal(2, failed.Length);
        Assert.All(failed, d => Assert.Contains(reason, d.Failure, StringComparison.Ordinal));
        Assert.All(failed, d => Assert.Null(d.ColdStartSeconds));
        if (behaviour == Behaviour.AnswersWrongly) Assert.All(failed, d => Assert.True(d.Parity is { Passed: false, MaximumDifference: > 1e-3 }));

        // The same command tries it again, and only it. Once it starts, nothing tells of the failure any more; wrong answers are
        // remembered, because right ones the next time are luck.
        _world.Host.Behaviours.Clear();
        var again = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(outcome.Folder.Id, again.Folder.Id);
        Assert.Equal(new(6, 12, 0), again.Summary);
        Assert.Equal(behaviour == Behaviour.AnswersWrongly ? 2 : 0, again.Folder.ReadDeployments().Count(d => d.Failure is not null));
    }

    private static IReadOnlyList<string> Snapshot(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => $"{f} {File.GetLastWriteTimeUtc(f).Ticks} {ContentHash.OfFile(f)}")];
}
