using System.Diagnostics;
using ServeBench.Processes.Commands;

namespace ServeBench.Processes.Tests;

[Lane("slow")]
public sealed class CommandRunnerTests
{
    private readonly CommandRunner _runner = new();

    private static CommandSpec Shell(string script) => new("/bin/sh", "-c", script);

    [Fact]
    public async Task Output_error_and_code_come_back()
    {
        var result = await _runner.TryRunAsync(Shell("echo out; echo err >&2; exit 3"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((3, "out\n", "err\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        string[] arguments = ["", "a b", "\"quoted\"", "it's", "$HOME", "*", "back\\slash", "ümlaut"];
        var result = await _runner.RunAsync(new CommandSpec("/bin/sh", ["-c", "for a in \"$@\"; do printf '%s\\n' \"$a\"; done", "sh", .. arguments]), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(arguments, result.Output.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Input_is_read_and_environment_set()
    {
        var spec = Shell("cat; printf %s \"$COLOUR\"") with { StandardInput = "hello ", Environment = new Dictionary<string, string> { ["COLOUR"] = "red" } };
        Assert.Equal("hello red\n", (await _runner.RunAsync(spec, cancellationToken: TestContext.Current.CancellationToken)).Output);
    }

    [Fact]
    public async Task Lines_are_heard_while_the_command_runs()
    {
        using var folder = new Removed(Directory.CreateTempSubdirectory("servebench-test-").FullName);
        var go = Path.Combine(folder.Path, "go");
        // The command ends only after its first line was heard.
        var result = await _runner.RunAsync(Shell($"echo first; while [ ! -e {go} ]; do sleep 0.01; done; echo second"),
            line =>
            {
                if (line == "first") File.WriteAllText(go, "");
            },
            TestContext.Current.CancellationToken);
        Assert.Equal("first\nsecond\n", result.Output);
    }

    [Fact]
    public async Task A_failure_carries_command_code_and_the_end_of_what_was_said()
    {
        var spec = Shell("seq 1 100 >&2; exit 4") with { Remedy = "Try again" };
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => _runner.RunAsync(spec, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("code 4", failure.Message, StringComparison.Ordinal);
        Assert.Contains("seq 1 100", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("    100", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("    80\n", failure.Message, StringComparison.Ordinal);
        Assert.Equal("Try again", failure.Remedy);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => _runner.TryRunAsync(new CommandSpec("no-such-program"), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("no-such-program could not be started", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_never_shown()
    {
        var spec = Shell("echo $TOKEN; echo $TOKEN >&2; exit 1 # hunter2") with { Secrets = ["hunter2"], Environment = new Dictionary<string, string> { ["TOKEN"] = "hunter2" } };
        var heard = new List<string>();
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => _runner.RunAsync(spec, line => { lock (heard) heard.Add(line); }, TestContext.Current.CancellationToken));
        Assert.DoesNotContain("hunter2", failure.Message + failure.Result!.Output + failure.Result.Error + string.Concat(heard) + spec, StringComparison.Ordinal);
        Assert.Contains("[redacted]", failure.Result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_limit_kills_the_whole_tree()
    {
        var mark = $"{Random.Shared.Next(100_000, 999_999)}";
        var spec = Shell($"sleep {mark} & sleep {mark}; wait") with { Timeout = TimeSpan.FromMilliseconds(300) };
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => _runner.TryRunAsync(spec, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("longer than 0.3 s", failure.Message, StringComparison.Ordinal);
        await Running.UntilNoneAsync($"sleep\0{mark}");
    }

    [Fact]
    public async Task Cancelling_kills_the_whole_tree()
    {
        var mark = $"{Random.Shared.Next(100_000, 999_999)}";
        using var cancel = new CancellationTokenSource();
        var running = _runner.TryRunAsync(Shell($"echo started; sleep {mark} & sleep {mark}; wait"), _ => cancel.Cancel(), cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Running.UntilNoneAsync($"sleep\0{mark}");
    }

    [Fact]
    public async Task A_killed_command_is_not_waited_for_when_what_left_its_tree_holds_the_output_open()
    {
        var mark = $"{Random.Shared.Next(100_000, 999_999)}";
        try
        {
            // The first sleeper's parent ends at once: it is nobody's child, and no kill of a tree reaches it.
            var spec = Shell($"(sleep {mark} &); echo kept; sleep {mark}") with { Timeout = TimeSpan.FromMilliseconds(300) };
            var clock = Stopwatch.StartNew();
            var failure = await Assert.ThrowsAsync<CommandFailedException>(() => _runner.TryRunAsync(spec, cancellationToken: TestContext.Current.CancellationToken));
            Assert.Contains("longer than 0.3 s", failure.Message, StringComparison.Ordinal);
            Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(30));
            Assert.Single(Running.With($"sleep\0{mark}"));
        }
        finally
        {
            foreach (var sleeper in Running.With($"sleep\0{mark}")) Process.GetProcessById(sleeper).Kill();
        }
    }

    [Fact]
    public async Task Input_that_a_command_does_not_read_is_no_failure()
    {
        var spec = Shell("exit 5") with { StandardInput = new string('x', 1 << 20) };
        Assert.Equal(5, (await _runner.TryRunAsync(spec, cancellationToken: TestContext.Current.CancellationToken)).ExitCode);
    }

    [Fact]
    public async Task A_folder_to_work_in_that_is_not_there_is_an_error()
    {
        var spec = Shell("pwd") with { WorkingDirectory = "/no/such/folder" };
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => _runner.TryRunAsync(spec, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("/bin/sh could not be started", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_is_shown_as_a_shell_would_take_it() =>
        Assert.Equal("docker run '--name=a b' 'it'\\''s' ''", new CommandSpec("docker", "run", "--name=a b", "it's", "").ToString());

    private sealed record Removed(string Path) : IDisposable
    {
        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
