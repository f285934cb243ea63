using System.Net;
using System.Net.Sockets;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;
using ServeBench.Hosts.Process;
using ServeBench.Hosts.Telemetry;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Cpu;
using ServeBench.Processes.Groups;
using ServeBench.Processes.Running;
using ServeBench.Processes.Servers;

namespace ServeBench.Hosts.Tests.Process;

/// <summary>A deployment owns what it starts, says what that is, and leaves nothing.</summary>
[Lane("slow"), Collection(Running.Collection)]
public sealed class ProcessDeploymentTests : IDisposable
{
    /// <summary>The id of the last deployment.</summary>
    private string _deployed = "";
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly ProcessHost _host = new(NullStack.Bin, new CommandRunner());

    public ProcessDeploymentTests() => File.WriteAllText(Path.Combine(_folder, "model.json"), "{}");

    public static TheoryData<string> Habits { get; } = [.. Habit.All.Select(h => h.Name)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Habits))]
    public async Task Whatever_a_server_does_at_its_end_nothing_of_it_is_left(string name)
    {
        Assert.SkipWhen(StandIn.Missing is not null, StandIn.Missing ?? "");
        var habit = Habit.All.Single(h => h.Name == name);
        var deployment = await DeployAsync(habit.Stack(_host));
        var processes = await Running.UntilListeningAsync(deployment, habit, Cancelled);
        var stop = (await deployment.StopAsync())!;
        Assert.Equal(habit.Forces, stop.Forced.Count > 0);
        Assert.True(stop.IsExpected, $"it ended with code {stop.ExitCode}");
        Assert.Equal(0, stop.OpenConnections);
        Assert.Equal(habit.Name == "leaves files", stop.Removed.Count > 0);
        Assert.Empty(stop.Unexplained);
        Assert.All(processes, p => Assert.False(ProcessEntry.Read(p.Id) is { IsAlive: true } now && now.CommandLine().Contains("stand_in", StringComparison.Ordinal), $"{p.Name} lives on"));
        Assert.DoesNotContain(ListeningSocket.All(), l => l.Answers(deployment.Endpoints[Endpoints.Http].Port));
        Assert.DoesNotContain(Running.Places(), p => p.Contains(_deployed, StringComparison.Ordinal));
        Assert.Same(stop, await deployment.StopAsync());
    }

    [Fact]
    public async Task A_deployment_has_its_own_home_temporary_and_working_folder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "it runs a POSIX shell");
        var stack = NullStack.Stack(_host, """
            command: /bin/sh
            arguments: ["-c", "echo $HOME; echo $TMPDIR; pwd; echo $XDG_CACHE_HOME; echo $0; mkdir -p $HOME/a && touch $HOME/a/b && chmod 0 $HOME/a", "${deployment-folder}"]
            """);
        var deployment = await DeployAsync(stack);
        await UntilAsync(async () => await deployment.EndedBecauseAsync() is not null);
        var said = (await deployment.EndedBecauseAsync())!.Split('\n', StringSplitOptions.TrimEntries)[^5..];
        var place = said[4];
        Assert.Equal([$"{place}/home", $"{place}/tmp", $"{place}/work", $"{place}/home/.cache"], said[..4]);
        // The path of a socket has at most 107 bytes, and servers put some in there.
        Assert.InRange(said[1].Length, 1, 60);
        Assert.True(Directory.Exists(place));
        await deployment.DisposeAsync();
        Assert.False(Directory.Exists(place));
    }

    [Fact]
    public async Task Whoever_listens_in_its_place_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells whose a socket is");
        var port = LocalPort.Free();
        await using var deployment = await DeployAsync(NullStack.Stack(_host, $"command: /bin/sleep\narguments: ['600']\nport: {port}\n"));
        Assert.Equal(ListenerState.Nobody, deployment.Listener().State);
        using (var intruder = new TcpListener(IPAddress.Loopback, port))
        {
            intruder.Start();
            var found = deployment.Listener();
            Assert.Equal(ListenerState.Foreign, found.State);
            Assert.StartsWith($"process {Environment.ProcessId} (", found.Intruder, StringComparison.Ordinal);
            Assert.EndsWith($"which is not of this deployment, listens on 127.0.0.1:{port}", found.Intruder, StringComparison.Ordinal);
        }
        Assert.Equal(ListenerState.Nobody, deployment.Listener().State);
    }

    /// <summary>It answers as the deployment would, and everything that was measured next would be its.</summary>
    [Fact]
    public async Task What_answers_on_after_the_stop_ends_the_run()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells whose a socket is");
        var port = LocalPort.Free();
        var deployment = await DeployAsync(NullStack.Stack(_host, $"command: /bin/sleep\narguments: ['600']\nport: {port}\n"));
        using var intruder = new TcpListener(IPAddress.Any, port);
        intruder.Start();
        var failure = await Assert.ThrowsAsync<RunFailedException>(async () => await deployment.StopAsync());
        Assert.Contains($"its port does not refuse: process {Environment.ProcessId} (", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_started_is_described()
    {
        Assert.SkipWhen(StandIn.Missing is not null, StandIn.Missing ?? "");
        var habit = new Habit("described", ["--shape=adopted", "--nice=5", "--every-interface"], StopRecipe.Default);
        await using var deployment = await DeployAsync(habit.Stack(_host));
        var processes = await Running.UntilListeningAsync(deployment, habit, Cancelled);
        Assert.Equal(["main", "orphan"], processes.Select(p => p.Role));
        Assert.All(processes, p =>
        {
            Assert.Equal("stand_in_server", p.Name.Split(' ')[^1]);
            Assert.Equal(5, p.Nice);
            Assert.Equal($"{CpuAffinity.Available[0]}", p.Cpus);
            Assert.InRange(p.Threads, 1, 20);
            Assert.InRange(p.PssBytes!.Value, 1 << 20, 1 << 28);
        });
        Assert.Contains($"0.0.0.0:{deployment.Endpoints[Endpoints.Http].Port}", processes[1].Listens);
    }

    /// <summary>The stand-in gives its threads cores of their own, as ONNX Runtime does without a thread count.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_thread_that_sets_its_own_affinity_stays_on_the_servers_cores(bool isConfined)
    {
        Assert.SkipWhen(StandIn.Missing is not null, StandIn.Missing ?? "");
        Assert.SkipUnless(CpuAffinity.Available.Count >= 2, "needs two processors");
        Assert.SkipUnless(!isConfined || ControlGroup.OfThisMachine.ConfinesCpus, "needs the right to make a cpuset");
        var (own, other) = (CpuAffinity.Available[0], CpuAffinity.Available[^1]);
        var group = isConfined ? ControlGroup.TryMake($"test-{Guid.NewGuid():N}", [own]) : null;
        var port = LocalPort.Free();
        await using (var server = await ServerProcess.StartAsync(new ServerSpec
        {
            Program = "python3",
            Arguments = [StandIn.Folder, $"--port={port}", $"--own-affinity={own},{other}", "--work=5"],
            LogFile = Path.Combine(_folder, "own.log"),
            Cpus = [own],
            Group = group,
            StopLimit = TimeSpan.FromSeconds(2),
        }))
        {
            using var keeper = new CoreKeeper(server.Members, [own], isConfined);
            await AnswersAsync(new IPEndPoint(IPAddress.Loopback, port));
            if (!isConfined) Assert.Contains(Masks(server), m => m.Contains(other));
            keeper.Begin();
            Assert.All(Masks(server), m => Assert.Equal([own], m));
            var kept = keeper.End()!;
            Assert.Equal(isConfined ? "cpuset" : "affinity", kept.By);
            Assert.Equal(isConfined, kept.PutBackBefore == 0);
            Assert.Equal((0, 0), (kept.PutBackWithin, kept.Outside.Count));

            keeper.Begin();
            if (!isConfined)
            {
                var thread = ThreadMasks.ThreadsOf(server.ProcessId)[^1];
                Assert.True(CpuAffinity.TryConfine(thread, [other]));
                kept = keeper.End()!;
                Assert.Equal(1, kept.PutBackWithin);
                Assert.Equal([other], kept.Outside);
                Assert.Equal([own], ThreadMasks.Of(thread));
            }
        }
        group?.Remove();
    }

    [Fact]
    public async Task What_is_known_to_be_left_is_removed_and_what_may_be_anybodys_is_named()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "needs /dev/shm");
        var mark = Guid.NewGuid().ToString("N");
        var (before, file) = ($"/dev/shm/before-{mark}", Path.Combine(_folder, "left"));
        File.WriteAllText(before, "somebody's");
        try
        {
            var stack = NullStack.Stack(_host, $$"""
                command: /bin/sh
                arguments: ["-c", "touch /dev/shm/known-{{mark}} /dev/shm/held-{{mark}} /dev/shm/anybody-{{mark}} {{file}}; exec 5</dev/shm/held-{{mark}}; sleep 600"]
                """) with
            {
                Lifecycle = Lifecycle.Default with
                {
                    Leaves = new Leftovers([], [$"^(known|before)-{mark}$"], [file]),
                    Stop = new StopRecipe([new StopStep("SIGTERM", StopTarget.Group, null, TimeSpan.FromSeconds(5))], [143]),
                },
            };
            var deployment = await DeployAsync(stack);
            await UntilAsync(() => Task.FromResult(deployment.Describe()!.Any(p => p.Name.StartsWith("sleep", StringComparison.Ordinal))));
            var stop = (await deployment.StopAsync())!;
            Assert.Equal([$"/dev/shm/held-{mark}", $"/dev/shm/known-{mark}", file], stop.Removed.Order(StringComparer.Ordinal));
            Assert.Equal([$"/dev/shm/anybody-{mark}"], stop.Unexplained);
            Assert.False(File.Exists(file));
            Assert.True(File.Exists(before));
        }
        finally
        {
            foreach (var left in Directory.EnumerateFiles("/dev/shm", $"*-{mark}").ToArray()) File.Delete(left);
        }
    }

    private Task<IDeployment> DeployAsync(Stack stack) => _host.DeployAsync(
        new DeploymentRequest
        {
            Id = _deployed = $"own-test.{Guid.NewGuid():N}",
            Stack = stack,
            Track = NullStack.Track,
            Model = NullStack.Model with { Folder = _folder },
            LogFile = Path.Combine(_folder, "server.log"),
            Cpus = [CpuAffinity.Available[0]],
        },
        Cancelled);

    private static IReadOnlyList<int>[] Masks(ServerProcess server) =>
        [.. server.Members().SelectMany(ThreadMasks.ThreadsOf).Select(ThreadMasks.Of).OfType<IReadOnlyList<int>>()];

    private static async Task AnswersAsync(IPEndPoint endpoint)
    {
        using var client = new HttpClient();
        await UntilAsync(async () =>
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://{endpoint}/health"), Cancelled);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; !await condition(); i++)
        {
            Assert.True(i < 800, "the condition was not met within twenty seconds");
            await Task.Delay(25, Cancelled);
        }
    }
}
