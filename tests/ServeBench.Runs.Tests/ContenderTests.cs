using ServeBench.Domain.Faults;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests;

/// <summary>Who takes part in a session, and how its deployments are started. As <see cref="SessionTests"/>, the plan has 18 cases.</summary>
// Sessions take the lock of the machine: one at a time.
[Collection("sessions")]
[Lane("slow")]
public sealed class ContenderTests : IDisposable
{
    private const int AllCases = 18;

    private readonly World _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_stack_that_cannot_be_prepared_takes_no_part_and_the_others_go_on()
    {
        _world.Host.Behaviours["alpha"] = Behaviour.CannotBePrepared;
        var session = _world.Start();
        var outcome = await session.LoadAsync(Cancelled);
        Assert.True(session.SomeUnprepared);
        var manifest = outcome.Folder.ReadManifest();
        // The twin, which was alpha's, is now of the first that is left.
        Assert.Equal(["beta", "beta (again)"], manifest.Contenders.Select(c => c.Label));
        Assert.Contains(manifest.NotMeasured, n => n is { What: "alpha", Why: "its image could not be built. Mend it." });
        Assert.Equal("1", manifest.Versions["fake engine"]);

        var failure = await Assert.ThrowsAsync<RunFailedException>(() => _world.Start(r => r with { Stacks = ["alpha", "beta"] }).LoadAsync(Cancelled));
        Assert.Equal("alpha cannot be deployed: its image could not be built", failure.Message);
        _world.Host.Behaviours["beta"] = Behaviour.CannotBePrepared;
        await Assert.ThrowsAsync<RunFailedException>(() => _world.Start().LoadAsync(Cancelled));
    }

    [Fact]
    public async Task Other_precisions_take_part_as_contenders_of_their_own_where_a_stack_can_serve_them()
    {
        _world.Repository.Stack("alpha", "other-precisions: [int8]");
        var outcome = await _world.Start(r => r with { Precisions = ["fp32", "int8"] }).LoadAsync(Cancelled);
        var manifest = outcome.Folder.ReadManifest();
        Assert.Equal(["alpha", "beta", "alpha, int8", "alpha (again)"], manifest.Contenders.Select(c => c.Label));
        Assert.Equal(["fp32", "fp32", "int8", "fp32"], manifest.Contenders.Select(c => c.Precision));
        Assert.Contains(manifest.NotMeasured, n => n is { What: "beta, int8", Why: "it serves fp32 only" });

        var trials = manifest.Trials.Select(t => outcome.Folder.ReadTrial(t)!).ToLookup(t => t.Case.Contender, t => t.Case);
        Assert.All(trials["alpha, int8"], c => Assert.Equal(("int8", "int8", "alpha"), (c.Precision, c.Track, c.Stack)));
        Assert.All(trials["alpha"], c => Assert.Equal("fp32", c.Precision));
        // It was given the quantised model, by other limits.
        var served = outcome.Folder.ReadDeployments().ToLookup(d => d.Contender);
        Assert.NotEmpty(served["alpha, int8"]);
        Assert.All(served["alpha, int8"], d => Assert.Equal(0.05, d.Parity!.DifferenceLimit));
        Assert.All(served["alpha"], d => Assert.Equal(1e-3, d.Parity!.DifferenceLimit));
        Assert.Contains(_world.Host.Models, m => m is { Precision: "int8" });

        var fault = Assert.Throws<FaultException>(() => _world.Start(r => r with { Precisions = ["fp16"] })).Faults.Single();
        Assert.Contains("no chosen stack serves fp16", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cold_starts_that_trials_do_not_give_are_made_beside_them()
    {
        _world.Repository.Write("k6/profiles/quick.yaml", File.ReadAllText(Path.Combine(_world.Repository.Root, "k6/profiles/quick.yaml")).Replace("trials: 2", "trials: 2\ncold-starts: 5", StringComparison.Ordinal));
        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(new(AllCases, 0, 0), outcome.Summary);
        var further = outcome.Folder.ReadDeployments().ToDictionary(d => $"{d.Contender} {d.Trial}", d => d.FurtherColdStarts?.Count ?? 0);
        Assert.Equal((1, 2, 0), (further["alpha 1"], further["alpha 2"], further["alpha (again) 1"]));
        Assert.All(outcome.Folder.ReadDeployments(), d => Assert.True(d.ColdStart is { Seconds: > 0, AnswerSeconds: > 0, ModelSeconds: null, ProcessSeconds: null }));
    }

    [Fact]
    public async Task Cold_starts_that_fail_are_kept_although_the_deployment_after_them_succeeds()
    {
        _world.Repository.Write("k6/profiles/quick.yaml", File.ReadAllText(Path.Combine(_world.Repository.Root, "k6/profiles/quick.yaml")).Replace("trials: 2", "trials: 2\ncold-starts: 7", StringComparison.Ordinal));
        _world.Host.Exception = r =>
            r.Id.EndsWith(".alpha_.tiny_.2.cold-1", StringComparison.Ordinal) ? Behaviour.CannotBeStarted
            : r.Id.EndsWith(".alpha_.tiny_.2.cold-2", StringComparison.Ordinal) ? Behaviour.AnswersWrongly
            : null;
        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(new(AllCases, 0, 0), outcome.Summary);
        var record = outcome.Folder.ReadDeployments().Single(d => d is { Contender: "alpha", Trial: 2 });
        Assert.Null(record.Failure);
        Assert.Single(record.FurtherColdStarts!);
        Assert.Equal(2, record.FailedColdStarts!.Count);
        Assert.Equal("it cannot be started. Mend it", record.FailedColdStarts[0]);
        Assert.StartsWith("no answer was right within 1.5 s (start-limit in its stack.yaml); the first came after ", record.FailedColdStarts[1], StringComparison.Ordinal);
        Assert.All(outcome.Folder.ReadDeployments().Where(d => d.Id != record.Id), d => Assert.Null(d.FailedColdStarts));
    }

    [Fact]
    public async Task A_tuned_track_takes_part_by_itself()
    {
        _world.Repository.Stack("beta", more: "", tracks: "tuned: { summary: more, arguments: [--more] }");
        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(new(AllCases + 6, 0, 0), outcome.Summary);
        var contenders = outcome.Folder.ReadManifest().Contenders;
        Assert.Equal(["alpha", "alpha (again)", "beta", "beta, tuned"], contenders.Select(c => c.Label).Order(StringComparer.Ordinal));
        var tuned = contenders.Single(c => c.Track == "tuned");
        Assert.Equal(("beta", "Stack beta, tuned", "more"), (tuned.Stack, tuned.Title, tuned.TrackSummary));
        Assert.NotEqual(contenders.Single(c => c.Label == "beta").Fingerprint, tuned.Fingerprint);
        Assert.Equal(2, _world.Host.Tracks.Count(t => t is { Name: "tuned", Arguments: ["--more"] }));

        // One track alone reuses what the whole has measured, and the report says why the other is not there.
        var alone = await _world.Start(r => r with { Stacks = ["beta"], Tracks = ["tuned"], Trials = 1 }).LoadAsync(Cancelled);
        Assert.Contains(alone.Folder.ReadManifest().NotMeasured, n => n is { What: "beta", Why: "its track was not asked for (--track)" });
        Assert.Equal(["beta, tuned", "beta, tuned (again)"], alone.Folder.ReadManifest().Contenders.Select(c => c.Label));
        Assert.Equal(3, alone.Summary.Reused);

        var fault = Assert.Single(Assert.Throws<FaultException>(() => _world.Start(r => r with { Stacks = ["alpha"], Tracks = ["tuned"] })).Faults);
        Assert.Equal("--track", fault.Where);
    }

    /// <summary>What lives on would be measured beside the next deployment.</summary>
    [Fact]
    public async Task A_further_cold_start_that_cannot_be_ended_ends_the_run()
    {
        var profile = Path.Combine(_world.Repository.Root, "k6/profiles/quick.yaml");
        _world.Repository.Write("k6/profiles/quick.yaml", File.ReadAllText(profile).Replace("trials: 2", "trials: 2\ncold-starts: 5", StringComparison.Ordinal));
        var session = _world.Start();
        _world.Host.Exception = r => r.Id.Contains(".cold-", StringComparison.Ordinal) ? Behaviour.CannotBeEnded : null;
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => session.LoadAsync(TestContext.Current.CancellationToken));
        Assert.Contains("cannot be ended", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>So that over many runs the A/A pair is not always the first stack's.</summary>
    [Fact]
    public async Task The_stack_that_takes_part_twice_rotates_with_the_seed()
    {
        var twins = new List<string>();
        foreach (var seed in (long[])[1, 2, 3])
        {
            var outcome = await _world.Start(r => r with { Seed = seed }).LoadAsync(Cancelled);
            twins.Add(outcome.Folder.ReadManifest().Contenders.Single(c => c.IsTwin).Stack);
        }
        Assert.Equal(["alpha", "beta", "alpha"], twins);
    }
}
