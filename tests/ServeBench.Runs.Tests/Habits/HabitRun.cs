using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Trials;
using ServeBench.Hosts.Process;
using ServeBench.Processes.Commands;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Habits;

/// <summary>What the pipeline did with a habit: deployed by the real process host, asked for its references, stopped.</summary>
/// <param name="Verdict">Why it could not be used, or <c>ready</c> and after how long.</param>
/// <param name="Record">All that is known of the deployment; null where it was not begun.</param>
/// <param name="Seconds">From the start to the end of it.</param>
/// <param name="Left">Processes that were alive afterwards.</param>
/// <param name="Answers">Whether something listened on its port afterwards.</param>
/// <param name="Leftovers">Files that it left outside the run's own folders.</param>
public sealed partial record HabitRun(
    string Verdict, DeploymentRecord? Record, double Seconds, int Left, bool Answers, IReadOnlyList<string> Leftovers)
{
    /// <summary>How its stop went: <c>code 143, 2 killed</c>; empty where it was not asked to end.</summary>
    public string Ending => Record?.Stop is not { } stop ? ""
        : $"code {stop.ExitCode}{(stop.IsExpected ? "" : ", not accepted")}{(stop.Forced.Count > 0 ? $", {stop.Forced.Count} killed" : "")}";

    /// <param name="habit">The stand-in's.</param>
    /// <param name="bare">Without the sections by which its folder says how it behaves.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<HabitRun> OfAsync(Habit habit, bool bare, CancellationToken cancellationToken)
    {
        using var world = new World { MoreHosts = [new ProcessHost(StandIn.Bin, new CommandRunner())] };
        var mark = $"--says={Guid.NewGuid()}";
        StandIn.AddStack(
            world.Repository.Root, "standin", [.. habit.Switches, mark], bare ? "" : habit.Sections, "start-limit: 4s\nstop-limit: 2s");
        var began = DateTime.UtcNow;
        var watch = Stopwatch.StartNew();
        try
        {
            var record = await DeployAsync(world, habit, cancellationToken);
            return new HabitRun(
                record.Failure ?? $"ready after {record.ColdStartSeconds:0.0} s",
                record,
                watch.Elapsed.TotalSeconds,
                StandInProcesses.With(mark).Count,
                Port().Match(record.Command) is { Success: true } port && Listens(int.Parse(port.Groups[1].Value)),
                [.. Files(world, began)]);
        }
        catch (FaultException e)
        {
            // It was refused before anything was started.
            return new HabitRun(e.Message, null, watch.Elapsed.TotalSeconds, StandInProcesses.With(mark).Count, false, []);
        }
        finally
        {
            StandInProcesses.Kill(mark);
            foreach (var file in Files(world, began).ToArray()) File.Delete(file);
        }
    }

    private static async Task<DeploymentRecord> DeployAsync(World world, Habit habit, CancellationToken cancellationToken) =>
        Assert.Single(await world
            .Start(r => r with { Host = ProcessHost.HostName, Stacks = ["standin"], MayListenEverywhere = habit.IsAgreed })
            .VerifyAsync(cancellationToken));

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
