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

    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly ProcessHost _host = new(NullStack.Bin, new CommandRunner());
    private readonly string _mark = $"cycle-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nothing_is_left_of_some_cycles()
    {
        Assert.SkipWhen(StandIn.Missing is not null, StandIn.Missing ?? "");
        await RunAsync(18, seed: 1);
        AssertNothingIsLeft();
    }

    [Fact(Explicit = true)]
    public async Task Nothing_is_left_of_200_cycles_and_the_pipeline_has_not_grown()
    {
        await RunAsync(36, seed: 2);
        var before = OfThisProcess();
        await RunAsync(200, seed: 3);
        AssertNothingIsLeft();
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
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            ["--explicit", "only", "--filter-method", $"*{nameof(DeploymentCycleTests)}.{nameof(Deploys_until_it_is_killed)}", "--no-ansi", "--progress", "off"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { [Folder] = _folder },
        };
        using var run = System.Diagnostics.Process.Start(start)!;
        run.OutputDataReceived += (_, _) => { };
        run.BeginOutputReadLine();
        run.BeginErrorReadLine();
        var ready = Path.Combine(_folder, "ready");
        for (var tries = 0; !File.Exists(ready); tries++)
        {
            Assert.False(run.HasExited, "the run to be killed ended by itself");
            Assert.True(tries < 2400, "the run to be killed did not start its servers within a minute");
            await Task.Delay(25, Cancelled);
        }
        var mark = File.ReadAllText(ready);
        Assert.NotEmpty(Left(mark));
        run.Kill();
        await run.WaitForExitAsync(Cancelled);

        var said = await _host.SweepAsync(Cancelled);

        Assert.Contains(said, line => line.Contains(mark, StringComparison.Ordinal) && line.Contains("of a run that is gone had left", StringComparison.Ordinal));
        Assert.Empty(Left(mark));
        Assert.DoesNotContain(Running.Places(), p => p.Contains(mark, StringComparison.Ordinal));
        Assert.Contains(said, line => line.StartsWith("Removed /dev/shm/standin-", StringComparison.Ordinal));
        Assert.All(said.Where(l => l.StartsWith("Removed /dev/shm/", StringComparison.Ordinal)), l => Assert.False(File.Exists(l["Removed ".Length..].Split(',')[0])));
        Assert.DoesNotContain(await _host.SweepAsync(Cancelled), line => line.Contains(mark, StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', said));
    }

    /// <summary>Not a test: the run that the one above kills.</summary>
    [Fact(Explicit = true)]
    public async Task Deploys_until_it_is_killed()
    {
        var folder = Environment.GetEnvironmentVariable(Folder);
        Assert.SkipWhen(folder is null, "it is started by another test, which kills it");
        foreach (var habit in Habit.All.Where(h => h.Name is "adopted and unlabelled" or "ignores" or "leaves files" or "three workers" or "survivors"))
            await Running.UntilListeningAsync(await DeployAsync(habit), habit, Cancelled);
        var file = Path.Combine(folder!, "ready");
        File.WriteAllText(file + ".new", _mark);
        File.Move(file + ".new", file);
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
            if (habit.Listens) await LoadAsync(deployment.Endpoints[Endpoints.Http]);
        }
        finally
        {
            var stop = (await deployment.StopAsync())!;
            Assert.True(stop.IsExpected, $"{habit} ended with code {stop.ExitCode}");
            Assert.All(stop.Removed, r => Assert.False(File.Exists(r)));
        }
    }

    /// <summary>Some requests, a few at once; what they are answered is not the question here, nor whether at all.</summary>
    private static async Task LoadAsync(System.Net.IPEndPoint endpoint)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        async Task AskAsync()
        {
            for (var i = 0; i < 5; i++)
            {
                try
                {
                    using var answer = await client.PostAsync(new Uri($"http://{endpoint}/v1/embeddings"), new StringContent("""{"model":"m","input":["a","b"]}"""), Cancelled);
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

    private void AssertNothingIsLeft()
    {
        Assert.Empty(Left(_mark));
        Assert.DoesNotContain(Running.Places(), p => p.Contains(_mark, StringComparison.Ordinal));
        Assert.DoesNotContain(ProcessEntry.ChildrenOf(Environment.ProcessId).Select(ProcessEntry.Read), p => p is { Name: "sh" or "python3" });
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
        var folder = Path.Combine(Environment.GetEnvironmentVariable(Folder) ?? _folder, _mark);
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
