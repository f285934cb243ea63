using System.Diagnostics;
using ServeBench.Hosts.Process;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Cpu;
using ServeBench.Processes.Running;

namespace ServeBench.Hosts.Tests.Process;

/// <summary>Many servers of all habits, started and stopped one after the other and several at once, under load; then nothing is left.</summary>
[Lane("slow"), Collection(Running.Collection)]
public sealed class DeploymentCycleTests : IDisposable
{
    private const string Folder = "SERVEBENCH_TEST_FOLDER";
    private const string Seed = "SERVEBENCH_TEST_SEED";

    /// <summary>The folder of a run that is to be killed, which another test made and removes; null in any other.</summary>
    private static readonly string? Killed = Environment.GetEnvironmentVariable(Folder);

    private readonly string _folder = Killed ?? Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly ProcessHost _host = new(NullStack.Bin, new CommandRunner());
    private readonly string _mark = $"cycle-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Killed is null) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Nothing_is_left_of_some_cycles()
    {
        Assert.SkipWhen(StandIn.Missing is not null, StandIn.Missing ?? "");
        await RunAsync(Habit.All.Count, seed: 1);
        await AssertNothingIsLeftAsync();
    }

    [Fact(Explicit = true)]
    public async Task Nothing_is_left_of_200_cycles_and_the_pipeline_has_not_grown()
    {
        await RunAsync(2 * Habit.All.Count, seed: 2);
        var before = OfThisProcess();
        await RunAsync(200, seed: 3);
        await AssertNothingIsLeftAsync();
        var after = OfThisProcess();
        TestContext.Current.TestOutputHelper!.WriteLine($"200 cycles: descriptors {before.Descriptors} to {after.Descriptors}, managed {before.Managed:#,0} to {after.Managed:#,0} bytes, resident {before.Resident:#,0} to {after.Resident:#,0} bytes, threads {before.Threads} to {after.Threads}, children {before.Children} to {after.Children}");
        Assert.InRange(after.Descriptors, 0, before.Descriptors + 8);
        Assert.InRange(after.Managed, 0, before.Managed + (4 << 20));
        Assert.InRange(after.Children, 0, before.Children);
    }

    /// <summary>Killed with signal 9 while several run: the next run ends and removes what is left, asks nothing, and says so.</summary>
    [Fact]
    public async Task The_next_run_ends_what_a_killed_one_left()
    {
        Assert.SkipWhen(StandIn.Missing is not null, StandIn.Missing ?? "");
        var (mark, alive, said) = await KillAsync(seed: null, TimeSpan.Zero);
        Assert.NotEmpty(alive);
        Assert.Contains(said, line => line.Contains(mark, StringComparison.Ordinal) && line.Contains("of a run that is gone had left", StringComparison.Ordinal));
        Assert.Contains(said, line => line.StartsWith("Removed /dev/shm/standin-", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', said));
    }

    /// <summary>The same at moments that nobody chose, whatever is being started or stopped then.</summary>
    [Fact(Explicit = true)]
    public async Task Nothing_is_left_of_20_runs_that_are_killed_among_their_cycles()
    {
        var random = new Random(4);
        for (var seed = 1; seed <= 20; seed++)
        {
            var after = TimeSpan.FromSeconds(6 * random.NextDouble());
            var (_, alive, said) = await KillAsync(seed, after);
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"killed after {after.TotalSeconds:0.0} s: {alive.Count} processes were alive, {said.Count} things ended or removed");
        }
    }

    /// <summary>Kills a run, lets the next one sweep, and sees that nothing is left.</summary>
    /// <param name="seed">Of the cycles among which it is killed; null for one that holds some servers.</param>
    /// <param name="after">How long after it has begun.</param>
    /// <returns>What its processes bear, those that were alive before it was killed, and what the sweep said.</returns>
    private async Task<(string Mark, IReadOnlyList<string> Alive, IReadOnlyList<string> Said)> KillAsync(int? seed, TimeSpan after)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, $"killed-{seed}")).FullName;
        var shared = Directory.GetFiles("/dev/shm", "standin-*");
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            ["--explicit", "only", "--filter-method", $"*{nameof(DeploymentCycleTests)}.{nameof(Deploys_until_it_is_killed)}", "--no-ansi", "--progress", "off"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { [Folder] = folder, [Seed] = $"{seed}" },
        };
        using var run = System.Diagnostics.Process.Start(start)!;
        run.OutputDataReceived += (_, _) => { };
        run.BeginOutputReadLine();
        run.BeginErrorReadLine();
        var ready = Path.Combine(folder, "ready");
        for (var tries = 0; !File.Exists(ready); tries++)
        {
            Assert.False(run.HasExited, "the run to be killed ended by itself");
            Assert.True(tries < 2400, "the run to be killed did not start its servers within a minute");
            await Task.Delay(25, Cancelled);
        }
        var mark = File.ReadAllText(ready);
        await Task.Delay(after, Cancelled);
        Assert.False(run.HasExited, "the run to be killed ended by itself");
        var alive = Left(mark);
        run.Kill();
        await run.WaitForExitAsync(Cancelled);

        var said = await _host.SweepAsync(Cancelled);

        Assert.Empty(Left(mark));
        Assert.DoesNotContain(Running.Places(), p => p.Contains(mark, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles("/dev/shm", "standin-*").Except(shared));
        Assert.DoesNotContain(await _host.SweepAsync(Cancelled), line => line.Contains(mark, StringComparison.Ordinal));
        return (mark, alive, said);
    }

    /// <summary>Not a test: the run that the ones above kill.</summary>
    [Fact(Explicit = true)]
    public async Task Deploys_until_it_is_killed()
    {
        Assert.SkipWhen(Killed is null, "it is started by another test, which kills it");
        var isCycling = int.TryParse(Environment.GetEnvironmentVariable(Seed), out var seed);
        if (!isCycling)
        {
            foreach (var habit in Habit.All.Where(h => h.Name is "adopted and unlabelled" or "ignores" or "leaves files" or "three workers" or "survivors"))
                await Running.UntilListeningAsync(await DeployAsync(habit), habit, Cancelled);
        }
        var file = Path.Combine(_folder, "ready");
        File.WriteAllText(file + ".new", _mark);
        File.Move(file + ".new", file);
        if (isCycling) await RunAsync(200, seed);
        await Task.Delay(TimeSpan.FromMinutes(2), Cancelled);
    }

    private async Task RunAsync(int cycles, int seed)
    {
        var random = new Random(seed);
        // Every habit in turn, several at random at once.
        var left = new Queue<Habit>(Enumerable.Range(0, cycles).Select(i => Habit.All[i % Habit.All.Count]).Shuffled(random));
        while (left.Count > 0)
        {
            var together = Enumerable.Range(0, Math.Min(random.Next(1, 4), left.Count)).Select(_ => left.Dequeue()).ToArray();
            await Task.WhenAll(together.Select(CycleAsync));
        }
    }

    private async Task CycleAsync(Habit habit)
    {
        var deployment = await DeployAsync(habit);
        try
        {
            await Running.UntilListeningAsync(deployment, habit, Cancelled);
            if (habit.Listens) await LoadAsync(deployment.Endpoints[Endpoints.Http], isStream: habit.Switches.Any(s => s.StartsWith("--stream", StringComparison.Ordinal)));
        }
        finally
        {
            var stop = (await deployment.StopAsync())!;
            Assert.True(stop.IsExpected, $"{habit} ended with code {stop.ExitCode}");
            Assert.All(stop.Removed, r => Assert.False(File.Exists(r)));
        }
    }

    /// <summary>Some requests, a few at once; what they are answered is not the question here, nor whether at all.</summary>
    private static async Task LoadAsync(System.Net.IPEndPoint endpoint, bool isStream)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        var body = isStream ? """{"model":"m","input":["a","b"],"stream":true}""" : """{"model":"m","input":["a","b"]}""";
        async Task AskAsync()
        {
            for (var i = 0; i < 5; i++)
            {
                try
                {
                    using var answer = await client.PostAsync(new Uri($"http://{endpoint}/v1/embeddings"), new StringContent(body), Cancelled);
                    await answer.Content.ReadAsByteArrayAsync(Cancelled);
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !Cancelled.IsCancellationRequested)
                {
                    return;
                }
            }
        }
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskAsync()));
    }

    private async Task AssertNothingIsLeftAsync()
    {
        Assert.Empty(Left(_mark));
        Assert.DoesNotContain(Running.Places(), p => p.Contains(_mark, StringComparison.Ordinal));
        // Those that live are other tests': ours would bear the mark. A dead one bears none; whose it is asks before long how it ended.
        for (var tries = 0; ProcessEntry.ChildrenOf(Environment.ProcessId).Select(ProcessEntry.Read).Any(p => p is { IsAlive: false, Name: "sh" or "python3" }); tries++)
        {
            Assert.True(tries < 500, "nobody asks how a server or its guard ended");
            await Task.Delay(10, Cancelled);
        }
    }

    /// <summary>Processes whose command line or environment bears the mark, or that are stand-ins in its folder.</summary>
    private static IReadOnlyList<string> Left(string mark) =>
        [.. ProcessEntry.All().Where(p => p.IsAlive && (EnvironmentOf(p.Id).Contains(mark, StringComparison.Ordinal) || p.CommandLine().Contains(mark, StringComparison.Ordinal))).Select(p => $"{p.Id} {p.CommandLine()}")];

    private static string EnvironmentOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static (int Descriptors, long Managed, long Resident, int Threads, int Children) OfThisProcess()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return (
            Directory.GetFiles("/proc/self/fd").Length,
            GC.GetTotalMemory(forceFullCollection: true),
            Environment.WorkingSet,
            ProcessEntry.Read(Environment.ProcessId)!.Threads,
            ProcessEntry.ChildrenOf(Environment.ProcessId).Count);
    }

    private string ModelFolder()
    {
        var folder = Path.Combine(_folder, _mark);
        if (Directory.Exists(folder)) return folder;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "model.json"), "{}");
        return folder;
    }

    private async Task<IDeployment> DeployAsync(Habit habit) => await _host.DeployAsync(
        new DeploymentRequest
        {
            Id = $"{_mark}.{Guid.NewGuid():N}",
            Stack = habit.Stack(_host),
            Track = NullStack.Track,
            // What has lost its label still bears this mark.
            Model = NullStack.Model with { Folder = ModelFolder() },
            LogFile = Path.Combine(_folder, $"{Guid.NewGuid():N}.log"),
            Cpus = [CpuAffinity.Available[0]],
        },
        Cancelled);
}

internal static class Shuffling
{
    public static IEnumerable<T> Shuffled<T>(this IEnumerable<T> items, Random random)
    {
        var all = items.ToArray();
        random.Shuffle(all);
        return all;
    }
}
