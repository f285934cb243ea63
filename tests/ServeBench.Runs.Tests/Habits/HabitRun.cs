using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
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

/// <summary>What the pipeline did with a habit: deployed by the real process host, asked for its references, stopped.</summary>
/// <param name="Verdict">Why it could not be used, or <c>ready</c> and after how long.</param>
/// <param name="Record">All that is known of the deployment.</param>
/// <param name="Seconds">From the start to the end of it.</param>
/// <param name="Left">Processes that were alive afterwards.</param>
/// <param name="Answers">Whether something listened on its port afterwards.</param>
/// <param name="Leftovers">Files that it left outside the run's own folders.</param>
public sealed partial record HabitRun(
    string Verdict, DeploymentRecord Record, double Seconds, int Left, bool Answers, IReadOnlyList<string> Leftovers)
{
    private static readonly string Bin = Path.GetFullPath(Path.Combine(StandIn.Script, "..", "..", "..", "..", "artifacts", "bin"));

    /// <param name="habit">The stand-in's.</param>
    /// <param name="bare">Without the sections by which its folder says how it behaves.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<HabitRun> OfAsync(Habit habit, bool bare, CancellationToken cancellationToken)
    {
        using var world = new World { MoreHosts = [new ProcessHost(Bin, new CommandRunner())] };
        var mark = $"--says={Guid.NewGuid()}";
        StandIn.AddStack(
            world.Repository.Root, "standin", [.. habit.Switches, mark], bare ? "" : habit.Sections, "start-limit: 4s\nstop-limit: 2s");
        var began = DateTime.UtcNow;
        var watch = Stopwatch.StartNew();
        try
        {
            var records = await world.Start(r => r with { Host = ProcessHost.HostName, Stacks = ["standin"] }).VerifyAsync(cancellationToken);
            var record = Assert.Single(records);
            return new HabitRun(
                record.Failure ?? $"ready after {record.ColdStartSeconds:0.0} s",
                record,
                watch.Elapsed.TotalSeconds,
                StandInProcesses.With(mark).Count,
                Port().Match(record.Command) is { Success: true } port && Listens(int.Parse(port.Groups[1].Value)),
                [.. Files(world, began)]);
        }
        finally
        {
            StandInProcesses.Kill(mark);
            foreach (var file in Files(world, began).ToArray()) File.Delete(file);
        }
    }

    /// <summary>The same under a load of the toy kind of work by the real driver; the verdict is over the outcomes.</summary>
    public static async Task<string> UnderLoadAsync(Habit habit, bool bare, CancellationToken cancellationToken)
    {
        using var world = new World
        {
            MoreHosts = [new ProcessHost(Bin, new CommandRunner())],
            Work = new KnownWork([.. KnownWork.OfProgram.All, new ToyWork()]),
            Drivers = new DriverChoice(new NativeDriver(), "a test asked for it"),
        };
        ToyCheckout.Prepare(world.Repository);
        var mark = $"--says={Guid.NewGuid()}";
        StandIn.AddStack(
            world.Repository.Root, "standin", [.. habit.Switches, mark], bare ? "" : habit.Sections, groups: "toys", protocols: "doubling");
        try
        {
            var outcome = await world
                .Start(r => r with { Group = "toys", Host = ProcessHost.HostName, Stacks = ["standin"], Trials = 1 })
                .LoadAsync(cancellationToken);
            var trials = RunEvaluator.Evaluate(outcome.Folder, cancellationToken).Cases.SelectMany(c => c.Trials).ToArray();
            if (trials.Length == 0) return outcome.Folder.ReadDeployments()[0].Failure ?? "nothing was measured";
            double all = trials[0].Outcomes.Values.Sum();
            return string.Join(", ", trials[0].Outcomes.OrderByDescending(o => o.Value).Select(o => $"{o.Key} {100 * o.Value / all:0} %"));
        }
        finally
        {
            StandInProcesses.Kill(mark);
        }
    }

    private static IEnumerable<string> Files(World world, DateTime began) =>
        from folder in new[] { "/dev/shm", Environment.GetEnvironmentVariable("HOME") ?? "", Path.GetTempPath(), Path.Combine(world.Repository.Root, "src", "stacks", "standin") }
        where Directory.Exists(folder)
        from file in Directory.EnumerateFiles(folder, "standin-*")
        where File.GetLastWriteTimeUtc(file) >= began
        select file;

    private static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"--port=(\d+)")]
    private static partial Regex Port();
}
