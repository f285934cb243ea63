using ServeBench.Domain.Faults;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Storing;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests;

/// <summary>
/// What is measured, left out, and kept: whole sessions over real files and a real model, with a fake host and a fake driver. The
/// plan has 2 trials x 3 contenders (alpha, beta, alpha again) x 3 levels = 18 cases.
/// </summary>
[Collection("sessions")]
public sealed class SessionTests : IDisposable
{
    private const int AllCases = 18;

    private readonly World _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    [Lane("slow")]
    public async Task A_first_run_measures_everything_and_fills_its_folder()
    {
        var outcome = await _world.Start().LoadAsync(Cancelled);

        Assert.Equal(new(AllCases, 0, 0), outcome.Summary);
        Assert.Equal(AllCases, _world.Driver.Jobs);
        Assert.Equal(6, _world.Host.Deployed.Count);
        Assert.Equal(0, _world.Host.Alive);
        var manifest = outcome.Folder.ReadManifest();
        Assert.NotNull(manifest.FinishedUtc);
        Assert.Equal(AllCases, manifest.Trials.Count);
        Assert.All(manifest.Trials, t => Assert.Equal(10, outcome.Folder.ReadSamples(t).Count));
        Assert.All(manifest.Trials, t => Assert.Equal("its stack announces no counters", outcome.Folder.ReadTrial(t)!.CountersAbsence));
        Assert.Equal(["alpha", "alpha (again)", "beta"], manifest.Contenders.Select(c => c.Label).Order(StringComparer.Ordinal));
        Assert.All(manifest.Blocks, b => Assert.Equal(["alpha", "alpha (again)", "beta", "raw runtime"], b.Order(StringComparer.Ordinal)));
        Assert.Equal(6, outcome.Folder.ReadDeployments().Count);
        Assert.All(outcome.Folder.ReadDeployments(), d => Assert.True(d.Parity!.Passed));
        // One sweep before the run and one repetition in each block.
        Assert.Equal([0, 1, 2], outcome.Folder.ReadCeilings().Select(c => c.Trial).Order());
        Assert.NotNull(outcome.Folder.ReadCalibration());
        Assert.Equal(outcome.Folder.Id, RunDirectory.Find(_world.Repository.Runs, "latest").Id);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_stack_that_cannot_run_here_is_left_out_unless_it_was_named()
    {
        _world.Host.Behaviours["beta"] = Behaviour.CannotRun;
        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(12, outcome.Summary.Measured);
        Assert.Equal("its program is missing. Build it.", outcome.Folder.ReadManifest().NotMeasured.Single().Why);
        var fault = Assert.Throws<FaultException>(() => _world.Start(r => r with { Stacks = ["beta"] })).Faults.Single();
        Assert.Contains("beta cannot run here", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_stack_for_which_much_would_be_fetched_takes_part_by_name_only()
    {
        _world.Host.Behaviours["beta"] = Behaviour.OnlyByName;
        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal("its image is not here. Name it.", outcome.Folder.ReadManifest().NotMeasured.Single().Why);
        Assert.Equal(["beta"], (await _world.Start(r => r with { Stacks = ["beta"] }).VerifyAsync(Cancelled)).Select(d => d.Stack));
    }

    [Fact]
    [Lane("slow")]
    public async Task A_server_that_dies_spoils_its_case_and_the_others_get_a_new_one()
    {
        var session = _world.Start();
        _world.Driver.Before = (number, job) =>
        {
            if (number == 2) FakeDeployment.Deaths.Add(job.Target.Address);
        };
        var outcome = await session.LoadAsync(Cancelled);
        Assert.Equal(new(AllCases, 0, 0), outcome.Summary);
        Assert.Equal(7, _world.Host.Deployed.Count);
        var disturbed = outcome.Folder.ReadManifest().Trials.Select(t => outcome.Folder.ReadTrial(t)!).Single(t => t.Disturbance is not null);
        Assert.Contains("signal 9", disturbed.Disturbance, StringComparison.Ordinal);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_stack_that_listens_on_every_interface_takes_part_only_with_consent()
    {
        _world.Host.Exposed = "beta";
        var fault = Assert.Throws<FaultException>(() => _world.Start(r => r with { Stacks = ["beta"] })).Faults.Single();
        Assert.Contains("it listens on every interface", fault.Problem, StringComparison.Ordinal);
        Assert.Equal("Agree with --yes", fault.Remedy);
        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(12, outcome.Summary.Measured);
        Assert.Equal("it listens on every interface. Agree with --yes.", outcome.Folder.ReadManifest().NotMeasured.Single().Why);
        outcome = await _world.Start(r => r with { MayListenEverywhere = true }).LoadAsync(Cancelled);
        Assert.Empty(outcome.Folder.ReadManifest().NotMeasured);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_deployment_says_how_it_was_ended()
    {
        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.All(outcome.Folder.ReadDeployments(), d => Assert.Equal(0.5, d.Stop!.Seconds));
        Assert.Equal(0, _world.Host.Alive);
    }

    [Fact]
    [Lane("slow")]
    public async Task Whoever_answers_in_a_servers_place_after_the_last_request_is_named()
    {
        var session = _world.Start();
        _world.Driver.Before = (number, job) =>
        {
            if (number == 2) FakeDeployment.Intruders[job.Target.Address] = "process 7 (old), which is not of this deployment, listens there";
        };
        var outcome = await session.LoadAsync(Cancelled);
        var trials = outcome.Folder.ReadManifest().Trials.Select(t => outcome.Folder.ReadTrial(t)!).ToArray();
        Assert.StartsWith("process 7 (old)", trials.OrderBy(t => t.StartedUtc).First(t => t.Intruder is not null).Intruder, StringComparison.Ordinal);
        Assert.Contains(trials, t => t.Intruder is null);
        // Its port may be given to another test's server.
        FakeDeployment.Intruders.Clear();
    }

    [Fact]
    [Lane("slow")]
    public async Task A_server_that_ends_before_its_first_case_is_not_deployed_for_ever()
    {
        _world.Host.Behaviours["beta"] = Behaviour.DiesAfterParity;
        _world.Host.MostDeployments = 20;
        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(new(12, 0, 6), outcome.Summary);
        Assert.Equal(2, _world.Host.Deployed.Count(s => s == "beta"));
        Assert.Equal(0, _world.Host.Alive);
        Assert.Null(outcome.Folder.ReadManifest().FinishedUtc);
        var failed = outcome.Folder.ReadDeployments().Where(d => d.Contender == "beta").ToArray();
        Assert.Equal(2, failed.Length);
        Assert.All(failed, d => Assert.Equal("it ended right after its reference answers: it ended by itself with code 3; the end of its log: out of memory", d.Failure));

        // The same command tries it again; once it stays, nothing tells of the failure any more.
        _world.Host.Behaviours.Clear();
        var again = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(new(6, 12, 0), again.Summary);
        Assert.All(again.Folder.ReadDeployments(), d => Assert.Null(d.Failure));
    }

    [Fact]
    [Lane("slow")]
    public async Task A_disk_that_fills_costs_only_what_was_being_written()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs root on Linux, to mount a small file system");
        await _world.Start().CeilingsAsync(Cancelled);
        var trials = Path.Combine(_world.Repository.Root, "artifacts", "results", "trials");
        Directory.CreateDirectory(trials);
        using var mount = SmallDisk.Mount(trials, "64k");
        Assert.SkipWhen(mount is null, "this machine does not allow mounting");

        var failure = await Assert.ThrowsAsync<RunFailedException>(() => _world.Start().LoadAsync(Cancelled));
        Assert.Contains("could not be written", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Free space", failure.Remedy, StringComparison.Ordinal);
        Assert.Equal(0, _world.Host.Alive);
        var kept = _world.Driver.Jobs - 1;
        Assert.InRange(kept, 1, AllCases - 1);

        mount!.Grow("16m");
        Assert.Equal(new(AllCases - kept, kept, 0), (await _world.Start().LoadAsync(Cancelled)).Summary);
    }

    [Fact]
    [Lane("slow")]
    public async Task Verifying_deploys_each_stack_once_without_load()
    {
        _world.Host.Behaviours["beta"] = Behaviour.AnswersWrongly;
        var records = await _world.Start().VerifyAsync(Cancelled);
        Assert.Equal(["alpha", "beta"], records.Select(r => r.Contender));
        Assert.Null(records[0].Failure);
        Assert.Contains("PARITY FAILED", records[1].Failure, StringComparison.Ordinal);
        Assert.Equal(0, _world.Driver.Jobs);
    }

    [Fact]
    [Lane("slow")]
    public async Task Answers_are_compared_over_every_protocol_that_a_stack_is_loaded_by()
    {
        string Text(string file) => File.ReadAllText(Path.Combine(_world.Repository.Root, file));
        const string Protocol = "k6/protocols/openai-embeddings.yaml", Workload = "k6/workloads/embeddings/short.yaml", Stack = "src/stacks/beta/stack.yaml";
        _world.Repository.Write("k6/protocols/wrong-embeddings.yaml", Text(Protocol).Replace("openai-embeddings", "wrong-embeddings", StringComparison.Ordinal).Replace("/v1/embeddings", EmbeddingServer.WrongPath, StringComparison.Ordinal));
        // Of two workloads, the second by its name is put to beta alone by the protocol that it answers wrongly over.
        _world.Repository.Write("k6/workloads/embeddings/wrong.yaml", Text(Workload).Replace("name: short", "name: wrong", StringComparison.Ordinal).Replace("[openai-embeddings]", "[wrong-embeddings, openai-embeddings]", StringComparison.Ordinal));
        _world.Repository.Write(Stack, Text(Stack).Replace("[openai-embeddings]", "[openai-embeddings, wrong-embeddings]", StringComparison.Ordinal));
        _world.Host.Behaviours["beta"] = Behaviour.HasLittleTime;

        var verified = await _world.Start().VerifyAsync(Cancelled);
        Assert.Equal(["openai-embeddings"], verified.Single(r => r.Contender == "alpha").Parity!.Protocols);
        Assert.Null(verified.Single(r => r.Contender == "alpha").Failure);
        var wrong = verified.Single(r => r.Contender == "beta");
        Assert.Equal(["openai-embeddings", "wrong-embeddings"], wrong.Parity!.Protocols);
        Assert.StartsWith("PARITY FAILED: over wrong-embeddings: ", wrong.Failure, StringComparison.Ordinal);
        Assert.True(wrong.Parity.MaximumDifference > 1e-3);

        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(new(24, 0, 12), outcome.Summary);
        Assert.All(outcome.Folder.ReadDeployments(), d => Assert.Equal(d.Contender != "beta", d.Parity!.Passed));
    }

    [Theory]
    [InlineData("--group", "nothing")]
    [InlineData("--scenario", "none")]
    public void A_filter_that_leaves_nothing_is_a_fault(string option, string value)
    {
        var change = option == "--group" ? (Func<RunRequest, RunRequest>)(r => r with { Group = value }) : r => r with { Scenarios = [value] };
        Assert.Contains("no scenario is left", Assert.Throws<FaultException>(() => _world.Start(change)).Faults.Single().Problem, StringComparison.Ordinal);
    }
}
