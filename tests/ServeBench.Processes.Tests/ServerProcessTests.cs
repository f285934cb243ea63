using System.Diagnostics;
using ServeBench.Domain.Stacks;
using ServeBench.Processes.Cpu;
using ServeBench.Processes.Running;
using ServeBench.Processes.Servers;

namespace ServeBench.Processes.Tests;

[Lane("slow")]
public sealed class ServerProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly string _mark = $"{Random.Shared.Next(100_000, 999_999)}";

    private string Log => Path.Combine(_folder, "server.log");

    /// <summary>How the processes that a server script started appear in /proc.</summary>
    private string Sleepers => $"sleep\0{_mark}";

    private CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ServerSpec Shell(string script, int stopSeconds = 2) => new()
    {
        Program = "/bin/sh",
        Arguments = ["-c", script],
        LogFile = Log,
        Cpus = [],
        StopLimit = TimeSpan.FromSeconds(stopSeconds),
    };

    [Fact]
    public async Task The_log_holds_both_outputs_and_the_exit_code_comes_back()
    {
        await using var server = await ServerProcess.StartAsync(Shell("echo out; echo err >&2; exit 7"));
        Assert.Equal(7, await server.Exited.WaitAsync(Cancelled));
        Assert.Equal(["out", "err"], File.ReadAllLines(Log).Order().Reverse());
        Assert.Equal("    out\n    err", ServerProcess.LogTail(Log));
    }

    [Fact]
    public async Task What_is_kept_of_a_log_has_no_secret()
    {
        const string Said = "ready at http://me:pl4nted@host; Authorization: Bearer pl4nted-token";
        var server = await ServerProcess.StartAsync(Shell($"printf '{Said.Replace("pl4", "pl%s", StringComparison.Ordinal)}' 4 4; echo; printf 'HF_TOK'; sleep 0.1; echo EN=pl4nted; echo plain"));
        await server.Exited.WaitAsync(Cancelled);
        Assert.DoesNotContain("pl4nted", ServerProcess.LogTail(Log), StringComparison.Ordinal);
        await server.DisposeAsync();
        Assert.Equal(["ready at http://[redacted]@host; Authorization: Bearer [redacted]", "HF_TOKEN=[redacted]", "plain"], File.ReadAllLines(Log));
    }

    [Fact]
    public async Task Stopping_ends_the_whole_tree_even_what_ignores_being_asked()
    {
        await using var server = await ServerProcess.StartAsync(Shell($"trap '' TERM; (trap '' TERM; sleep {_mark}) & sleep {_mark}; wait", stopSeconds: 1));
        await UntilAsync(() => Running.With(Sleepers).Count == 2);
        await server.StopAsync();
        Assert.True(server.Exited.IsCompletedSuccessfully);
        await Running.UntilNoneAsync(Sleepers);
    }

    [Fact]
    public async Task A_server_may_end_in_its_own_way_when_asked()
    {
        await using var server = await ServerProcess.StartAsync(Shell($"trap 'echo bye; exit 5' TERM; echo ready; sleep {_mark} & wait"));
        await UntilAsync(() => ServerProcess.LogTail(Log).Contains("ready", StringComparison.Ordinal));
        await server.StopAsync();
        Assert.Equal(5, await server.Exited);
        Assert.Contains("bye", File.ReadAllText(Log), StringComparison.Ordinal);
        await Running.UntilNoneAsync(Sleepers);
    }

    /// <summary>Not at once: some servers' launchers end, and what they started is the server.</summary>
    [Fact]
    public async Task What_a_server_leaves_behind_when_it_ends_by_itself_ends_with_the_stop()
    {
        await using (var server = await ServerProcess.StartAsync(Shell($"sleep {_mark} & exit 3")))
        {
            Assert.Equal(3, await server.Exited.WaitAsync(Cancelled));
            // A child that has not begun its program yet still has the shell's name.
            await UntilAsync(() => Running.With(Sleepers).Count == 1);
            if (OperatingSystem.IsLinux()) Assert.Equal("sleep", Assert.Single(server.Processes()).Name);
        }
        Assert.Empty(Running.With(Sleepers));
    }

    /// <summary>Forked twice, in a session of its own, with an environment that says nothing: only its parent's parent can find it.</summary>
    [Fact]
    public async Task An_orphan_that_hides_in_every_other_way_comes_back()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/setsid"), "it needs Linux and setsid");
        await using var server = await ServerProcess.StartAsync(Shell($"(setsid env -i sleep {_mark} &); sleep 600"));
        await UntilAsync(() => Running.With(Sleepers).Count == 1);
        await UntilAsync(() => server.Processes().Any(p => p.Name == "sleep" && p.Parent != server.ProcessId && p.Session != server.ProcessId));
        var end = await server.StopAsync(StopRecipe.Default);
        Assert.Empty(Running.With(Sleepers));
        Assert.Empty(server.Processes());
        Assert.Contains(end.Forced, p => p.Name == "sleep");
        Assert.Equal(143, end.ExitCode);
    }

    [Fact]
    public async Task A_server_leads_a_session_of_its_own_and_hears_what_it_is_stopped_by()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/setsid"), "it needs Linux and setsid");
        await using var server = await ServerProcess.StartAsync(Shell("trap 'exit 4' INT; echo ready; while :; do sleep 0.05; done"));
        await UntilAsync(() => ServerProcess.LogTail(Log).Contains("ready", StringComparison.Ordinal));
        var main = ProcessEntry.Read(server.ProcessId)!;
        Assert.Equal((server.ProcessId, server.ProcessId), (main.Session, main.Group));
        // A shell would have started it deaf to this one.
        var end = await server.StopAsync(new StopRecipe([new StopStep("SIGINT", StopTarget.Main, null, TimeSpan.FromSeconds(10))], [4]));
        Assert.Equal(4, end.ExitCode);
        var step = Assert.Single(end.Steps);
        Assert.Equal(("SIGINT", "main", 1), (step.Signal, step.To, step.Processes));
        Assert.InRange(step.Seconds, 0, 5);
        Assert.Empty(end.Forced);
    }

    /// <summary>The wrapper swallows the signal, and its child is the server.</summary>
    [Fact]
    public async Task A_recipe_reaches_a_child_by_its_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux shows a server's children");
        await using var server = await ServerProcess.StartAsync(
            Shell($"trap : TERM; sleep {_mark} & child=$!; while kill -0 $child 2>/dev/null; do wait $child; done; exit 6"));
        await UntilAsync(() => Running.With(Sleepers).Count == 1);
        var end = await server.StopAsync(new StopRecipe(
            [
                new StopStep("SIGTERM", StopTarget.Main, null, TimeSpan.FromMilliseconds(100)),
                new StopStep("SIGTERM", StopTarget.Child, $"^sleep {_mark}$", TimeSpan.FromSeconds(10)),
                new StopStep("SIGQUIT", StopTarget.Group, null, TimeSpan.FromSeconds(10)),
            ],
            [6]));
        Assert.Equal(["main", $"child ^sleep {_mark}$"], end.Steps.Select(s => s.To));
        Assert.Equal([1, 1], end.Steps.Select(s => s.Processes));
        Assert.Equal(6, end.ExitCode);
        Assert.Empty(end.Forced);
        Assert.Empty(Running.With(Sleepers));
    }

    [Fact]
    public async Task Stopping_twice_and_stopping_what_has_ended_are_harmless()
    {
        var server = await ServerProcess.StartAsync(Shell("exit 0"));
        await server.Exited.WaitAsync(Cancelled);
        await server.StopAsync();
        await server.StopAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_program_that_is_not_there_shows_in_code_and_log()
    {
        await using var server = await ServerProcess.StartAsync(Shell("") with { Program = "/no/such/program" });
        Assert.Equal(127, await server.Exited.WaitAsync(Cancelled));
        Assert.Contains("/no/such/program", File.ReadAllText(Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_is_confined_from_its_first_instruction()
    {
        Assert.SkipUnless(CpuAffinity.IsSupported && CpuAffinity.Available.Count >= 2, "needs Linux and two processors");
        var cpu = CpuAffinity.Available[^1];
        await using var server = await ServerProcess.StartAsync(Shell("grep Cpus_allowed_list /proc/self/status") with { Cpus = [cpu] });
        await server.Exited.WaitAsync(Cancelled);
        Assert.Equal($"Cpus_allowed_list:\t{cpu}", File.ReadAllText(Log).Trim());
        Assert.Equal(CpuAffinity.Available, CpuAffinity.RunOn(CpuAffinity.Available, () => CpuAffinity.Get(0)));
    }

    [Fact]
    public async Task Nothing_is_left_when_the_starter_is_killed_outright()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "needs /usr/bin/python3 to stand in for the pipeline");
        // Another process starts a server just as we do, through the same programs, and is then killed with signal 9.
        string[] words = ["/bin/sh", "-c", Resource("guard.sh"), "guard.sh", Log, "1", "", "", "/bin/sh", "-c", $"sleep {_mark} & sleep {_mark} & (setsid env -i sleep {_mark} &); wait"];
        if (OperatingSystem.IsLinux()) words = [Path.Combine(AppContext.BaseDirectory, "ServeBench.Guard"), "", .. words];
        const string Python = "import subprocess, sys, time; p = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE); p.stdin.write(b'go\\n'); p.stdin.flush(); time.sleep(600)";
        using var starter = Process.Start("/usr/bin/python3", ["-c", Python, .. words]);
        await UntilAsync(() => Running.With(Sleepers).Count == 3);
        starter.Kill();
        await Running.UntilNoneAsync(Sleepers);
    }

    private static string Resource(string name)
    {
        using var stream = typeof(ServerProcess).Assembly.GetManifestResourceStream(name)!;
        return new StreamReader(stream).ReadToEnd();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 400, "the condition was not met within ten seconds");
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
    }
}
