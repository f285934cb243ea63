using System.Globalization;
using ServeBench.Domain.Trials;
using ServeBench.Hosts.Process;
using ServeBench.Load;
using ServeBench.Load.Native;
using ServeBench.Measurement.Evaluation;
using ServeBench.Processes.Commands;
using ServeBench.Runs.Tests.Fakes;
using ServeBench.Runs.Tests.Kinds;
using ServeBench.Work;

namespace ServeBench.Runs.Tests.Habits;

/// <summary>What came of a habit under a load of the toy kind of work, made by the real driver.</summary>
/// <param name="Outcomes">The outcomes of the window's requests in the order of their shares: <c>success 70 %, rejected 30 %</c>, and how
/// many connections were reopened; or why nothing was measured.</param>
/// <param name="Counted">What the server's counters gave: <c>average batch 1.0, 0.2 ms a request</c>; or why they gave nothing.</param>
public sealed record HabitLoad(string Outcomes, string Counted)
{
    /// <param name="habit">The stand-in's.</param>
    /// <param name="bare">Without the sections by which its folder says how it behaves.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<HabitLoad> OfAsync(Habit habit, bool bare, CancellationToken cancellationToken)
    {
        using var world = new World
        {
            MoreHosts = [new ProcessHost(StandIn.Bin, new CommandRunner())],
            Work = new KnownWork([.. KnownWork.OfProgram.All, new ToyWork()]),
            Drivers = new DriverChoice(new NativeDriver(), "a test asked for it"),
        };
        ToyCheckout.Prepare(world.Repository);
        var mark = $"--says={Guid.NewGuid()}";
        StandIn.AddStack(
            world.Repository.Root,
            "standin",
            [.. habit.Switches, mark],
            bare ? "" : habit.Sections,
            groups: "toys",
            protocols: ToyCheckout.Protocols);
        try
        {
            var outcome = await world
                .Start(r => r with
                {
                    Group = "toys", Workloads = [habit.Workload], Host = ProcessHost.HostName, Stacks = ["standin"], Trials = 1,
                })
                .LoadAsync(cancellationToken);
            var trials = RunEvaluator.Evaluate(outcome.Folder, cancellationToken).Cases.SelectMany(c => c.Trials).ToArray();
            if (trials.Length == 0 || outcome.Folder.ReadTrial(outcome.Folder.ReadManifest().Trials[0]) is not { } record)
            {
                var why = outcome.Folder.ReadDeployments()[0].Failure ?? "nothing was measured";
                return new HabitLoad(why, why);
            }
            return new HabitLoad(Describe(trials[0].Outcomes, record.Connections), Describe(record));
        }
        finally
        {
            StandInProcesses.Kill(mark);
        }
    }

    private static string Describe(IReadOnlyDictionary<string, int> outcomes, ConnectionUse? connections)
    {
        double all = outcomes.Values.Sum();
        var shares = outcomes.OrderByDescending(o => o.Value).Select(o => $"{o.Key} {100 * o.Value / all:0} %");
        return string.Join(", ", connections is { Reopened: > 0 and var reopened } ? shares.Append($"{reopened} reopened") : shares);
    }

    private static string Describe(TrialRecord record)
    {
        if (record.Counters is not { } counters) return record.CountersAbsence ?? "nothing, and not why";
        var batch = string.Create(CultureInfo.InvariantCulture, $"average batch {counters.Inferences / counters.Executions:0.0}");
        return counters.Timings is { } timings
            ? string.Create(CultureInfo.InvariantCulture, $"{batch}, {1e3 * timings.RequestSeconds / timings.Requests:0.000} ms a request")
            : batch;
    }
}
