using System.Net;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Stacks;
using ServeBench.Hosts.Docker;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>What is asked of docker, in which order, and what becomes of it when docker fails. No engine takes part.</summary>
[Lane("slow")]
public sealed class DockerHostTests : IDisposable
{
    private readonly FakeDocker _docker = new();
    private readonly DockerHost _host;

    public DockerHostTests() => _host = new DockerHost(_docker.Runner, _docker.Folders) { EngineLimit = TimeSpan.FromSeconds(5) };

    public void Dispose() => _docker.Dispose();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stack_is_built_run_and_removed()
    {
        var stack = Stack();
        Assert.Empty(await PrepareAsync(stack));
        await using (var deployment = await DeployAsync(stack))
        {
            // On a kernel of its own neither cores nor addresses are this machine's.
            Assert.Equal(new IPEndPoint(IPAddress.Loopback, 32768), deployment.Endpoints[Endpoints.Http]);
            Assert.Empty(deployment.Cpus);
            Assert.Null(await deployment.EndedBecauseAsync());
            Assert.StartsWith("docker run --detach --pull=never --name=servebench.test.1 ", deployment.Command, StringComparison.Ordinal);
            Assert.EndsWith(" --env=A=1 --env=B=track --env=ORT_DISABLE_TELEMETRY=1 servebench/null:" + _host.Image(stack)!.InputsSha256[..12] + " --model=/model/m.onnx --more=8000", deployment.Command, StringComparison.Ordinal);
            Assert.Equal("not measured: the Docker Engine runs on a kernel of its own", deployment.Meter.Stop().Source);
        }
        Assert.Equal(
            ["context inspect", "info", "build", "image inspect", "save", "run", "container inspect", "wait", "stop", "logs", "rm"], _docker.Asked);
        Assert.False(_docker.HasContainer);
        Assert.Equal("hello from the server\n", File.ReadAllText(Path.Combine(_docker.Folder, "server.log")));
    }

    [Fact]
    public async Task An_image_is_built_again_only_when_something_in_it_has_changed()
    {
        var stack = Stack();
        await PrepareAsync(stack);
        var (first, fingerprint) = (_host.Image(stack)!, _host.Fingerprint(stack));
        // Another start of the program.
        var again = new DockerHost(_docker.Runner, _docker.Folders);
        await again.PrepareAsync([stack], new PrepareOptions(false, false), SilentObserver.Instance, Cancelled);
        Assert.Equal((first.Name, fingerprint), (again.Image(stack)!.Name, again.Fingerprint(stack)));
        Assert.Equal(1, _docker.Asked.Count(a => a == "build"));

        File.WriteAllText(Path.Combine(_docker.Stack, "README.md"), "not in the context");
        File.WriteAllText(Path.Combine(_docker.Stack, "app", "server.py"), "serve better");
        var changed = new DockerHost(_docker.Runner, _docker.Folders);
        await changed.PrepareAsync([stack], new PrepareOptions(false, false), SilentObserver.Instance, Cancelled);
        Assert.NotEqual(first.Name, changed.Image(stack)!.Name);
        Assert.NotEqual(fingerprint, changed.Fingerprint(stack));
        Assert.Equal(2, _docker.Asked.Count(a => a == "build"));
    }

    [Theory]
    [InlineData("Step 2/4 : RUN a\n ---> Using cache\n ---> 0123\nStep 3/4 : RUN echo CACHED\n ---> Running in 4567\nCACHED\nStep 4/4 : USER 1\n ---> Using cache\n", 2)]
    [InlineData("#4 [libraries 1/3] FROM docker.io/library/debian:trixie-slim\n#4 CACHED\n\n#5 [libraries 2/3] RUN a\n#5 CACHED\n\n#6 [3/3] RUN echo CACHED\n#6 0.301 CACHED\n#6 DONE 0.3s\n", 1)]
    [InlineData("Step 1/1 : FROM scratch\n", 0)]
    public async Task How_many_steps_of_a_build_were_taken_from_an_earlier_one_is_recorded(string said, int cached)
    {
        _docker.BuildSays = said;
        var stack = Stack();
        await PrepareAsync(stack);
        Assert.Equal(cached, _host.Image(stack)!.CachedSteps);
    }

    [Fact]
    public async Task A_build_that_fails_shows_its_end_and_keeps_the_whole_log()
    {
        _docker.BuildFails = string.Join('\n', Enumerable.Range(1, 50).Select(i => $"step {i}"));
        var (stack, obstacle) = Assert.Single(await PrepareAsync(Stack()));
        Assert.Equal("null", stack);
        var log = Path.Combine(_docker.Folders.Logs, "image-null.log");
        Assert.Contains($"whole log: {log}", obstacle.Problem, StringComparison.Ordinal);
        Assert.Contains("step 50", obstacle.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("step 30", obstacle.Problem, StringComparison.Ordinal);
        Assert.Contains("returned a non-zero code", obstacle.Problem, StringComparison.Ordinal);
        Assert.Contains("Mend ", obstacle.Remedy, StringComparison.Ordinal);
        Assert.Contains("step 30", await File.ReadAllTextAsync(log, Cancelled), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(_docker.Folders.Images));
    }

    [Fact]
    public async Task A_container_that_cannot_be_started_is_removed_and_explained()
    {
        var stack = Stack();
        await PrepareAsync(stack);
        _docker.RunFails = "docker: Error response from daemon: write /x: no space left on device.";
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => DeployAsync(stack));
        Assert.Contains("the Docker Engine's disk is full", failure.Message, StringComparison.Ordinal);
        Assert.False(_docker.HasContainer);
    }

    [Theory]
    [InlineData(3, false, "it ended by itself with code 3; the end of its log:")]
    [InlineData(139, false, "it was ended by signal 11; the end of its log:")]
    [InlineData(255, false, "it ended by itself with code 255; the end of its log:")]
    [InlineData(137, true, "it was killed by the kernel because it needed more memory than its limit of 64 MiB (memory in its stack.yaml)")]
    public async Task How_a_container_ended_is_told(int code, bool oom, string told)
    {
        var stack = Stack();
        await PrepareAsync(stack);
        await using var deployment = await DeployAsync(stack);
        _docker.End(code, oom);
        Assert.StartsWith(told, await deployment.EndedBecauseAsync(), StringComparison.Ordinal);
        Assert.Contains("hello from the server", await deployment.EndedBecauseAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?")]
    [InlineData("failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory")]
    public async Task An_engine_that_dies_is_told_waited_for_and_its_container_removed_when_it_is_back(string dead)
    {
        _docker.Dead = dead;
        var stack = Stack();
        await PrepareAsync(stack);
        var deployment = await DeployAsync(stack);
        _docker.Die();
        Assert.StartsWith("the Docker Engine ended or does not answer any more", await deployment.EndedBecauseAsync(), StringComparison.Ordinal);
        await deployment.DisposeAsync();
        Assert.True(_docker.HasContainer, "a dead engine removes nothing");

        // It is back a little later, with the old container: that is removed before the next one is run.
        _docker.ReturnsAfter = 4;
        await using var next = await DeployAsync(stack);
        Assert.Null(await next.EndedBecauseAsync());
        Assert.Contains("version", _docker.Asked);
        Assert.Single(_docker.Containers);
    }

    [Fact]
    public async Task An_engine_that_died_and_is_back_already_is_told_too()
    {
        var stack = Stack();
        await PrepareAsync(stack);
        await using var deployment = await DeployAsync(stack);
        _docker.Die();
        _docker.End(255);
        _docker.Answers = true;
        Assert.StartsWith("the Docker Engine ended while it ran, and was back soon after; the end of its log:", await deployment.EndedBecauseAsync(), StringComparison.Ordinal);
    }

    /// <param name="returnsAfter">1: right after the first try to remove it, so that the next container could be run at once.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task What_a_dead_engine_left_of_another_deployment_is_removed_before_the_next_runs(int returnsAfter)
    {
        var stack = Stack();
        await PrepareAsync(stack);
        var deployment = await DeployAsync(stack);
        var left = Assert.Single(_docker.Containers);
        _docker.Die();
        await deployment.DisposeAsync();
        _docker.ReturnsAfter = returnsAfter;
        await using var next = await _host.DeployAsync(Request(stack) with { Id = "test.2" }, Cancelled);
        Assert.DoesNotContain(left, _docker.Containers);
        Assert.False(_docker.RanTwo, "the next was run beside it");
    }

    [Fact]
    public async Task What_a_dead_engine_left_is_not_forgotten_when_the_next_deployment_fails_too()
    {
        var host = new DockerHost(_docker.Runner, _docker.Folders) { EngineLimit = TimeSpan.FromMilliseconds(100) };
        var stack = Stack();
        await host.PrepareAsync([stack], new PrepareOptions(false, false), SilentObserver.Instance, Cancelled);
        var deployment = await host.DeployAsync(Request(stack), Cancelled);
        var left = Assert.Single(_docker.Containers);
        _docker.Die();
        await deployment.DisposeAsync();
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => host.DeployAsync(Request(stack) with { Id = "test.2" }, Cancelled));
        Assert.Contains("no Docker Engine answers", failure.Message, StringComparison.Ordinal);
        _docker.Answers = true;
        await using var next = await host.DeployAsync(Request(stack) with { Id = "test.3" }, Cancelled);
        Assert.DoesNotContain(left, _docker.Containers);
        Assert.False(_docker.RanTwo, "the next was run beside it");
    }

    [Fact]
    public async Task A_container_that_an_engine_made_before_it_died_is_removed_before_it_is_run_again()
    {
        var stack = Stack();
        await PrepareAsync(stack);
        (_docker.DiesInRun, _docker.ReturnsAfter) = (true, 1);
        await using var deployment = await DeployAsync(stack);
        Assert.Null(await deployment.EndedBecauseAsync());
        Assert.Equal(["run", "version", "version", "rm", "run"], _docker.Asked.SkipWhile(a => a != "run").Take(5));
        Assert.Single(_docker.Containers);
    }

    [Fact]
    public async Task A_name_that_another_container_has_is_told()
    {
        var stack = Stack();
        await PrepareAsync(stack);
        await using var first = await DeployAsync(stack);
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => DeployAsync(stack));
        Assert.Contains("is already in use", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_cannot_be_kept_is_told_and_its_container_removed()
    {
        var stack = Stack();
        var heard = new Warnings();
        await _host.PrepareAsync([stack], new PrepareOptions(false, false), heard, Cancelled);
        var notAFolder = Path.Combine(_docker.Folder, "file");
        File.WriteAllText(notAFolder, "");
        var deployment = await _host.DeployAsync(Request(stack) with { LogFile = Path.Combine(notAFolder, "server.log") }, Cancelled);
        await deployment.DisposeAsync();
        Assert.False(_docker.HasContainer);
        Assert.StartsWith("The log of servebench.test.1 is lost: ", Assert.Single(heard.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_stays_away_fails_the_deployment()
    {
        var stack = Stack();
        await PrepareAsync(stack);
        _docker.Die();
        var host = new DockerHost(_docker.Runner, _docker.Folders) { EngineLimit = TimeSpan.FromMilliseconds(600) };
        _docker.Answers = true;
        await host.PrepareAsync([stack], new PrepareOptions(false, false), SilentObserver.Instance, Cancelled);
        _docker.Answers = false;
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => host.DeployAsync(Request(stack), Cancelled));
        Assert.Contains("no Docker Engine answers", failure.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyDictionary<string, Obstacle>> PrepareAsync(Stack stack) =>
        _host.PrepareAsync([stack], new PrepareOptions(false, false), SilentObserver.Instance, Cancelled);

    private Task<IDeployment> DeployAsync(Stack stack) => _host.DeployAsync(Request(stack), Cancelled);

    private DeploymentRequest Request(Stack stack) => new()
    {
        Id = "test.1",
        Stack = stack,
        Track = NullStack.Track with { Environment = new Dictionary<string, string> { ["B"] = "track" }, Arguments = ["--more=${port}"] },
        Model = NullStack.Model,
        LogFile = Path.Combine(_docker.Folder, "server.log"),
        Cpus = [0],
    };

    private Stack Stack() => NullStack.Stack(_host, """
        context: [app]
        port: 8000
        environment: { A: "${cores}", B: host }
        arguments: ["--model=${model-file}"]
        memory: 64m
        """, _docker.Stack);

    /// <summary>Notes what the user should not miss.</summary>
    private sealed class Warnings : IRunObserver
    {
        public List<string> Lines { get; } = [];

        public IStep Begin(string step, TimeSpan? expected = null) => SilentObserver.Instance.Begin(step, expected);

        public void Say(string line) { }

        public void Warn(string line) => Lines.Add(line);
    }
}
