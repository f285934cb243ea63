using ServeBench.Domain.Storage;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;
using ServeBench.Runs.Loading;
using ServeBench.Runs.Storing;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests;

/// <summary>What is stored and INVALID, or was measured while the machine was in another state, is measured again.</summary>
[Collection("sessions")]
[Lane("slow")]
public sealed class ReuseUnderConditionsTests : IDisposable
{
    private const int AllCases = 18;

    private readonly World _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_is_invalid_is_measured_again_and_nothing_else()
    {
        var session = _world.Start();
        // One of two trials is too few to say anything.
        _world.Driver.IsBusy = number => number is 1 or 2 or 10;
        var first = await session.LoadAsync(Cancelled);
        var spoiled = Spoiled(first.Folder);
        Assert.Equal(3, spoiled.Length);
        Assert.Equal(spoiled, first.Folder.ReadManifest().InvalidTrials!.Order(StringComparer.Ordinal));
        Assert.True((await _world.Start(r => r with { ReuseAny = true }).LoadAsync(Cancelled)).Untouched);

        var second = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(new(3, AllCases - 3, 0), second.Summary);
        Assert.NotEqual(first.Folder.Id, second.Folder.Id);
        var manifest = second.Folder.ReadManifest();
        Assert.False(manifest.Forced);
        Assert.Equal(spoiled, manifest.Trials.Where(t => second.Folder.ReadTrial(t)!.MeasuredByRun == second.Folder.Id).Select(t => t.Fingerprint).Order(StringComparer.Ordinal));
        Assert.Empty(Spoiled(second.Folder));
        Assert.True((await _world.Start().LoadAsync(Cancelled)).Untouched);
    }

    [Fact]
    public async Task Measuring_again_what_is_invalid_goes_on_where_it_was_interrupted()
    {
        var session = _world.Start();
        _world.Driver.IsBusy = number => number <= 4;
        await session.LoadAsync(Cancelled);
        await InterruptAsync(_world.Start(), job: 2);

        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(3, outcome.Summary.Measured);
        Assert.Empty(Spoiled(outcome.Folder));
    }

    /// <summary>Issue 21: nine trials of a busy hour, the spoiled ones among them, stood in a quiet hour's report.</summary>
    [Fact]
    public async Task A_run_that_was_interrupted_on_a_busy_machine_takes_nothing_of_it_into_a_quiet_hour()
    {
        _world.MachineState.Busy = 0.6;
        var session = _world.Start();
        _world.Driver.CalibrationSeconds = 0.003;
        _world.Driver.IsBusy = number => number % 2 == 0;
        await InterruptAsync(session, job: 10);
        var busy = RunDirectory.Find(_world.Repository.Runs, "latest");
        Assert.Equal(9, busy.ReadManifest().Trials.Count(t => busy.ReadTrial(t) is not null));
        var deployments = busy.ReadDeployments().Select(d => d.Id).ToArray();
        var ceilings = busy.ReadCeilings().Where(c => c.Trial > 0).ToArray();
        Assert.NotEmpty(ceilings);

        (_world.MachineState.Busy, _world.BetweenStarts) = (0.02, TimeSpan.FromHours(1));
        var quiet = await _world.Start().LoadAsync(Cancelled);

        Assert.Equal(new LoadSummary(AllCases, 0, 0), quiet.Summary);
        Assert.Empty(Spoiled(quiet.Folder));
        var results = RunEvaluator.Evaluate(quiet.Folder, Cancelled);
        Assert.DoesNotContain(results.Cases, c => c.Standing == Standing.Invalid);
        Assert.Equal((0.02, AllCases), (Assert.Single(results.Starts!).Conditions.BackgroundBusy, results.Starts![0].Trials));
        // Nor the raw runtime as it was then, nor how servers started then, nor what the driver could do.
        Assert.DoesNotContain(quiet.Folder.ReadCeilings(), c => ceilings.Any(o => o.Fingerprint == c.Fingerprint && o.StartedUtc == c.StartedUtc));
        Assert.DoesNotContain(quiet.Folder.ReadDeployments(), d => deployments.Contains(d.Id));
        Assert.Equal(10_000, quiet.Folder.ReadCalibration()!.MaximumRequestsPerSecond, 1.0);
        Assert.True((await _world.Start().LoadAsync(Cancelled)).Untouched);
    }

    [Theory]
    [InlineData("boot", "the system was restarted since")]
    [InlineData("busy", "the machine is 40 % busy with something else now")]
    [InlineData("driver", "the driver reached 10000 requests/s against the null server then and 8333 now")]
    [InlineData("nothing", null)]
    public async Task What_is_reused_was_measured_under_the_same_conditions_and_is_told_with_its_age(string change, string? why)
    {
        await InterruptAsync(_world.Start(), job: 8);
        if (change == "boot") _world.MachineState.Boot = "another start";
        if (change == "busy") _world.MachineState.Busy = 0.4;
        _world.BetweenStarts = TimeSpan.FromMinutes(72);
        var session = _world.Start();
        if (change == "driver") _world.Driver.CalibrationSeconds = 0.0012;
        var outcome = await session.LoadAsync(Cancelled);

        Assert.Equal(why is null ? (AllCases - 7, 7) : (AllCases, 0), (outcome.Summary.Measured, outcome.Summary.Reused));
        Assert.Equal(why is null ? new ReusedResults(7, TimeSpan.FromMinutes(72), TimeSpan.FromMinutes(72)) : null, outcome.Reused);
        if (why is null) Assert.Contains("Reused: 7 results, measured 1 h 12 min ago", _world.Said);
        else Assert.Contains($"Measured again although stored: 7 results: {why}", _world.Said);
        Assert.Equal(why is null ? 2 : 1, RunEvaluator.Evaluate(outcome.Folder, Cancelled).Starts!.Count);
    }

    [Fact]
    public async Task Any_stored_result_may_be_asked_for()
    {
        await InterruptAsync(_world.Start(), job: 8);
        _world.MachineState.Boot = "another start";
        Assert.Equal(7, (await _world.Start(r => r with { ReuseAny = true }).LoadAsync(Cancelled)).Summary.Reused);
    }

    /// <summary>Ends a session before one of its jobs against stacks.</summary>
    private async Task InterruptAsync(BenchmarkSession session, int job)
    {
        using var cancel = new CancellationTokenSource();
        _world.Driver.Before = (number, _) =>
        {
            if (number == job) cancel.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.LoadAsync(cancel.Token));
    }

    /// <summary>Fingerprints of the trials that count for nothing.</summary>
    private static string[] Spoiled(RunFolder folder)
    {
        var trials = RunEvaluator.Evaluate(folder, Cancelled).Cases.SelectMany(c => c.Trials.Where(t => t.Spoiled is not null).Select(t => (c.Contender, c.Scenario, c.Level, t.Trial))).ToHashSet();
        return [.. folder.ReadManifest().Trials.Where(t => trials.Contains((t.Contender, t.Scenario, t.Level, t.Trial))).Select(t => t.Fingerprint).Order(StringComparer.Ordinal)];
    }
}
