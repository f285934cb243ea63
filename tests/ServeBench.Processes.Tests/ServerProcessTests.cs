using System.Diagnostics;
using ServeBench.Processes.Cpu;
using ServeBench.Processes.Servers;

namespace ServeBench.Processes.Tests;

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

    [Fact]
    public async Task What_a_server_leaves_behind_when_it_ends_by_itself_is_ended()
    {
        await using var server = await ServerProcess.StartAsync(Shell($"sleep {_mark} & exit 3"));
        Assert.Equal(3, await server.Exited.WaitAsync(Cancelled));
        await Running.UntilNoneAsync(Sleepers);
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
        // Another process starts a server just as we do, through the same script, and is then killed with signal 9.
        using var stream = typeof(ServerProcess).Assembly.GetManifestResourceStream("guard.sh")!;
        var script = Path.Combine(_folder, "guard.sh");
        File.WriteAllText(script, new StreamReader(stream).ReadToEnd());
        var python = $"import subprocess, time; p = subprocess.Popen(['/bin/sh', '{script}', '{Log}', '1', '/bin/sh', '-c', 'sleep {_mark} & sleep {_mark}; wait'], stdin=subprocess.PIPE, stdout=subprocess.PIPE); time.sleep(600)";
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "needs /usr/bin/python3 to stand in for the pipeline");
        using var starter = Process.Start("/usr/bin/python3", ["-c", python]);
        await UntilAsync(() => Running.With(Sleepers).Count == 2);
        starter.Kill();
        await Running.UntilNoneAsync(Sleepers);
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
