using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Processes.Commands;

namespace ServeBench.EndToEnd.Tests;

/// <summary>
/// Stacks on a Docker Engine that ssh leads to. It is this machine's own, behind an sshd of the test's; skipped with the reason
/// where there is no sshd or no engine.
/// </summary>
[Lane("engine")]
public sealed class RemoteEngineTests : IDisposable
{
    private readonly string _out = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly string _seed = $"--seed={Random.Shared.Next(1000, int.MaxValue)}";
    private readonly CommandRunner _commands = new();

    public void Dispose() => Directory.Delete(_out, recursive: true);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private RunFolder Latest => new(Path.Combine(_out, "latest"));

    private string[] Command(params string[] more) =>
        ["--target=Benchmark", "--group=embeddings", "--profile=smoke", "--weights=seeded", "--host=docker", "--workload=sequence-128", "--stack=onnxruntime-dotnet", "--track=default", $"--out={_out}", _seed, .. more];

    [Fact]
    public async Task A_stack_is_built_deployed_and_measured_there()
    {
        await NeedEngineAsync();
        using var machine = new OtherMachine();
        var (code, output) = await Pipeline.RunWithAsync(machine.Environment(), Command("--trials=1"));
        Assert.True(code is ExitCodes.Success or ExitCodes.Invalid, output);
        Assert.Contains("The Docker Engine is on another machine", output, StringComparison.Ordinal);
        var manifest = Latest.ReadManifest();
        Assert.Equal("the network and an ssh tunnel", manifest.ServerMachine?.Between);
        Assert.All(manifest.Contenders, c => Assert.Equal(manifest.ServerMachine!.LogicalCores, c.Cpus.Count));
        var deployment = Assert.Single(Latest.ReadDeployments());
        // Two machines have two clocks: when the server's process began there cannot be told here.
        Assert.True(deployment is { Failure: null, Parity.Passed: true, ColdStart: { Seconds: > 0, ContainerSeconds: null, ProcessSeconds: null } }, deployment.Failure);
        Assert.Contains(" --mount=type=volume,source=servebench-model-", deployment.Command, StringComparison.Ordinal);
        Assert.Contains(" --publish=127.0.0.1::", deployment.Command, StringComparison.Ordinal);
        var trial = Assert.Single(manifest.Trials.Select(t => Latest.ReadTrial(t)!));
        Assert.Null(trial.Disturbance);
        Assert.Equal(manifest.ServerMachine!.Between, trial.Between);
        Assert.StartsWith("the Docker Engine's counters, asked through ssh", trial.Server.Source, StringComparison.Ordinal);
        Assert.True(trial.Server is { CpuSeconds: > 0.01, MeanResidentBytes: > 50e6, SentBytes: > 1e4, ReceivedBytes: > 1e3, QuotaPeriods: > 0, OomKills: null, CoresBusySeconds: null }, trial.Server.ToString());
        var report = await File.ReadAllTextAsync(Path.Combine(Latest.Path, "report.md"), Cancelled);
        Assert.Contains("Between them lie the network and an ssh tunnel: every latency includes them", report, StringComparison.Ordinal);
        Assert.DoesNotContain(OtherMachine.Name, report, StringComparison.Ordinal);
        await NothingIsLeftAsync();

        // The model stays for the next run, and so does the image.
        var volume = deployment.Command.Split("source=")[1].Split(',')[0];
        Assert.Contains(volume, await DockerAsync("volume", "ls", "--quiet", "--filter=label=servebench.model=all-MiniLM-L6-v2"), StringComparison.Ordinal);
        var (again, said) = await Pipeline.RunWithAsync(machine.Environment(), Command("--trials=1", "--reuse=any"));
        Assert.True(again == code, said);
        Assert.Contains("Nothing has changed", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Bringing", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_lost_within_a_case_makes_that_case_invalid_and_the_others_go_on()
    {
        await NeedEngineAsync();
        using var machine = new OtherMachine();
        using var pipeline = Pipeline.StartWith(machine.Environment(), Command("--trials=2"));
        // Its record is written when its answers are right, and the load begins.
        await UntilAsync(() => pipeline.HasExited || (Directory.Exists(Latest.Path) && Latest.ReadDeployments().Count > 0));
        machine.Stop();
        machine.Start();
        await pipeline.WaitAsync();
        var trials = Latest.ReadManifest().Trials.Select(t => Latest.ReadTrial(t)).ToArray();
        Assert.True(trials is [not null, not null], pipeline.Output);
        Assert.Contains("the ssh tunnel to its machine broke: the ssh connection to the Docker Engine's machine was lost", trials[0]!.Disturbance, StringComparison.Ordinal);
        Assert.Null(trials[1]!.Disturbance);
        Assert.Contains("INVALID", await File.ReadAllTextAsync(Path.Combine(Latest.Path, "report.md"), Cancelled), StringComparison.Ordinal);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_volume_that_holds_something_else_is_filled_anew()
    {
        await NeedEngineAsync();
        using var machine = new OtherMachine();
        string[] verify = ["--target=Verify", "--group=embeddings", "--host=docker", "--model=all-MiniLM-L6-v2", "--weights=seeded", "--stack=onnxruntime-dotnet", "--track=default"];
        var (code, output) = await Pipeline.RunWithAsync(machine.Environment(), verify);
        Assert.True(code == ExitCodes.Success, output);
        var volume = (await DockerAsync("volume", "ls", "--quiet", "--filter=label=servebench.model=all-MiniLM-L6-v2", "--filter=label=servebench.weights=seeded")).Split('\n')[0];
        await DockerAsync("run", "--rm", "--network=none", $"--mount=type=volume,source={volume},target=/model", "debian:trixie-slim", "sh", "-c", "echo wrong > /model/model.onnx");
        (code, output) = await Pipeline.RunWithAsync(machine.Environment(), verify);
        Assert.True(code == ExitCodes.Success, output);
        Assert.Contains("answers agree", output, StringComparison.Ordinal);
        Assert.Contains("Bringing all-MiniLM-L6-v2", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refuses-the-key", "it refuses the ssh key", "ssh-copy-id")]
    [InlineData("never-seen", "ssh does not know the Docker Engine's machine", "by hand")]
    [InlineData("not-listening", "answers, but not to ssh", "Start its sshd")]
    [InlineData("no-such-machine.invalid", "no machine has the name", "DOCKER_HOST")]
    public async Task A_machine_that_ssh_does_not_lead_to(string name, string problem, string remedy)
    {
        using var machine = new OtherMachine();
        await RefusedAsync(machine.Environment(name), problem, remedy);
    }

    [Fact]
    public async Task A_machine_that_only_tcp_leads_to() => await RefusedAsync(
        new Dictionary<string, string> { ["DOCKER_HOST"] = "tcp://192.0.2.1:2375" }, "only ssh leads to a container's port there", "docker context create NAME --docker host=ssh://USER@MACHINE");

    [Fact]
    public async Task An_engine_that_does_not_answer_there()
    {
        using var machine = new OtherMachine("DOCKER_HOST=unix:///nowhere.sock");
        await RefusedAsync(machine.Environment(), "no Docker Engine answers", "Start it");
    }

    [Fact]
    public async Task A_machine_that_forwards_nothing()
    {
        await NeedEngineAsync();
        using var machine = new OtherMachine(more: "AllowTcpForwarding no");
        var (code, output) = await Pipeline.RunWithAsync(machine.Environment(), "--target=Verify", "--group=embeddings", "--host=docker", "--model=all-MiniLM-L6-v2", "--weights=seeded", "--stack=onnxruntime-dotnet", "--track=default");
        Assert.True(code == ExitCodes.Invalid, output);
        Assert.Contains("allows no forwarding through ssh", output, StringComparison.Ordinal);
        await Servers.UntilNoneAsync();
    }

    private static async Task RefusedAsync(IReadOnlyDictionary<string, string> environment, string problem, string remedy)
    {
        Assert.SkipUnless(Array.Exists((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), f => File.Exists(Path.Combine(f, "docker"))), "there is no docker command here");
        var (code, output) = await Pipeline.RunWithAsync(environment, "--target=Verify", "--group=embeddings", "--host=docker");
        Assert.True(code == ExitCodes.Usage, output);
        Assert.Contains(problem, output, StringComparison.Ordinal);
        Assert.Contains(remedy, output, StringComparison.Ordinal);
    }

    private async Task NeedEngineAsync()
    {
        try
        {
            await _commands.RunAsync(new CommandSpec("docker", "version") { Timeout = TimeSpan.FromSeconds(20) }, cancellationToken: Cancelled);
        }
        catch (CommandFailedException e)
        {
            Assert.Skip($"no container can be run here: {e.Message}");
        }
    }

    /// <summary>No container of this test's runs on the engine, and no ssh of theirs here.</summary>
    private async Task NothingIsLeftAsync()
    {
        var names = (await DockerAsync("ps", "--all", "--filter=label=servebench.deployment", "--format={{.Names}}")).Split('\n');
        string[] runs = [.. Directory.EnumerateDirectories(_out).Select(d => $"servebench.{Path.GetFileName(d)}.")];
        Assert.DoesNotContain(names, name => Array.Exists(runs, run => name.StartsWith(run, StringComparison.Ordinal)));
        await Servers.UntilNoneAsync();
    }

    private async Task<string> DockerAsync(params string[] arguments) => (await _commands.RunAsync(new CommandSpec("docker", arguments), cancellationToken: Cancelled)).Output;

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 12000, "the condition was not met within ten minutes");
            await Task.Delay(50, Cancelled);
        }
    }
}
