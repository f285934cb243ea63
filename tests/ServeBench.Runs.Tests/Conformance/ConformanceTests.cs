using ServeBench.Domain.Trials;
using ServeBench.Hosts.Process;
using ServeBench.Load;
using ServeBench.Load.Native;
using ServeBench.Measurement.Evaluation;
using ServeBench.Processes.Commands;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Conformance;

/// <summary>
/// Every stack whose server is another maker's, against a stand-in that speaks its protocol, is ready, refuses, counts and ends as the server
/// does: what its stack.yaml says of that is right for the stand-in, and nothing of the maker's is needed.
/// </summary>
[Collection("sessions"), Lane("slow")]
public sealed class ConformanceTests
{
    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var stack in StackFolder.OfOthers)
                foreach (var group in stack.Groups) all.Add(stack.Name, group);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_is_ready_right_loaded_counted_refuses_and_ends_as_its_folder_says(string name, string group)
    {
        StandIn.SkipWhereMissing();
        var stack = StackFolder.Catalogue.Stacks.Single(s => s.Name == name);
        using var world = new World
        {
            MoreHosts = [new ProcessHost(StandIn.Bin, new CommandRunner())],
            Drivers = new DriverChoice(new NativeDriver(), "a test asked for it"),
        };
        ConformanceCheckout.Prepare(world.Repository, stack, group);
        var outcome = await world
            .Start(r => r with
            {
                Group = group, Workloads = [ConformanceCheckout.Workload], Host = ProcessHost.HostName, Stacks = [name], Trials = 1, MayListenEverywhere = true,
            })
            .LoadAsync(TestContext.Current.CancellationToken);

        var deployment = outcome.Folder.ReadDeployments().Single(d => d.Stack == name && !d.IsTwin);
        Assert.Null(deployment.Failure);
        Assert.True(deployment.Parity!.Passed);
        var stop = deployment.Stop!;
        Assert.True(stop.IsExpected, $"it ended with code {stop.ExitCode}");
        Assert.Empty(stop.Forced);
        if (stack.Lifecycle.Ready.Probes.Count > 0) Assert.NotNull(deployment.ColdStart!.HealthSeconds);

        var trial = outcome.Folder.ReadManifest().Trials.Select(outcome.Folder.ReadTrial).Single(t => t?.DeploymentId == deployment.Id)!;
        Assert.True(trial.Checks is { Checked: > 0, Wrong: 0 }, trial.Checks.FirstWrong);
        var outcomes = RunEvaluator.Evaluate(outcome.Folder, TestContext.Current.CancellationToken)
            .Cases.Single(c => c.Contender == name).Trials.Single().Outcomes;
        var refuses = !(await File.ReadAllTextAsync(StackFolder.Personality(name), TestContext.Current.CancellationToken)).Contains("refuses = False", StringComparison.Ordinal);
        string[] expected = refuses ? ["rejected", "success"] : ["success"];
        Assert.Equal(expected, outcomes.Where(o => o.Value > 0).Select(o => o.Key).Order(StringComparer.Ordinal));
        Counted(trial, stack, isMain: group == stack.Groups[0]);
    }

    [Fact]
    public void Every_stack_of_another_maker_has_a_stand_in()
    {
        Assert.NotEmpty(StackFolder.OfOthers);
        Assert.All(StackFolder.OfOthers, s => Assert.True(File.Exists(StackFolder.Personality(s.Name)), $"{StackFolder.Personality(s.Name)} is missing"));
    }

    /// <summary>Everything that the stack announces was read, or is absent with the reason that it gives.</summary>
    private static void Counted(TrialRecord trial, Domain.Stacks.Stack stack, bool isMain)
    {
        if (stack.Counters is not { } source)
        {
            Assert.Contains(stack.CountersAbsence!, trial.CountersAbsence, StringComparison.Ordinal);
            return;
        }
        if (source.Inferences is not null)
        {
            Assert.True(trial.Counters is { Inferences: > 0, Executions: > 0 }, trial.CountersAbsence);
            // Microseconds that are taken for seconds would be hours.
            if (source.Timings is not null) Assert.InRange(trial.Counters.Timings!.RequestSeconds / trial.Counters.Timings.Requests, 1e-5, 5);
        }
        foreach (var measurement in source.Measurements)
        {
            var read = trial.Announced!.Single(a => a.Name == measurement.Name);
            if (measurement.Absent is { } absent) Assert.Equal($"not measured: {absent}", read.Absence);
            else if (isMain) Assert.True(read.Value is >= 0, $"{measurement.Name}: {read.Absence}");
        }
    }
}
