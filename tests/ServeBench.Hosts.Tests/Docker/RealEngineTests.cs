using ServeBench.Domain.Progress;
using ServeBench.Domain.Stacks;
using ServeBench.Hosts.Docker;
using ServeBench.Hosts.Images;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Cpu;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>Real containers of a real engine; skipped with the reason where there is none, or no base image can be had.</summary>
[Lane("engine")]
public sealed class RealEngineTests : IDisposable
{
    /// <summary>A web server in the Perl that every Debian has; what it does else, its argument says.</summary>
    private const string Server = """
        use IO::Socket::INET;
        $| = 1;
        my $how = shift;
        print "told to $how\n";
        exit 3 if $how eq 'exit';
        if ($how eq 'eat') { my @all; push @all, 'x' x 10_000_000 while 1; }
        sleep 600 if $how eq 'sleep';
        my $listen = IO::Socket::INET->new(LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die $!;
        open(my $file, '>', '/somewhere') and print "it can write\n";
        print "user $>\n";
        while (my $client = $listen->accept()) {
          my $spin = 0; $spin += $_ for 1 .. 300_000;
          <$client>; print $client "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nhi\n"; close $client;
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly CommandRunner _commands = new();

    /// <summary>Others may run the same tests on the same engine.</summary>
    private readonly string _id = $"test-{Guid.NewGuid():N}";
    private readonly DockerHost _host;

    public RealEngineTests()
    {
        _host = new DockerHost(_commands, new ImageFolders(_folder, Path.Combine(_folder, "artifacts")));
        Write("Dockerfile", "FROM debian:trixie-slim\nCOPY app/ /app/\nENTRYPOINT [\"perl\", \"/app/server.pl\"]\n");
        Write("app/server.pl", Server);
        Write("model/m.onnx", "");
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_container_answers_confined_and_is_gone_afterwards()
    {
        var stack = await PreparedAsync("[serve]");
        string name;
        await using (var deployment = await DeployAsync(stack))
        {
            await AnswersAsync(deployment);
            Assert.Null(await deployment.EndedBecauseAsync());
            Assert.True(deployment.ProcessStarted > TimeSpan.Zero);
            name = (await DockerAsync("ps", $"--filter=label=servebench.deployment={_id}", "--format={{.Names}}")).Trim();
            Assert.Equal($"servebench.{_id}", name);
            var set = await DockerAsync("inspect", "--format={{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CpusetCpus}} {{.HostConfig.NanoCpus}} {{.HostConfig.Memory}} {{.Config.User}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{(index (index .HostConfig.PortBindings \"8000/tcp\") 0).HostIp}}", name);
            Assert.Equal($"true {CpuAffinity.Available[0]} 1000000000 67108864 65534:65534 [ALL] [no-new-privileges] 127.0.0.1", set.Trim());
        }
        Assert.Equal("", await DockerAsync("ps", "--all", $"--filter=label=servebench.deployment={_id}", "--quiet"));
        Assert.Equal(["told to serve", "user 65534"], await File.ReadAllLinesAsync(Path.Combine(_folder, "server.log"), Cancelled));
    }

    [Fact]
    public async Task What_a_container_uses_is_measured()
    {
        var stack = await PreparedAsync("[serve]");
        await using var deployment = await DeployAsync(stack);
        await AnswersAsync(deployment);
        deployment.Meter.Start();
        for (var i = 0; i < 30; i++) await AnswersAsync(deployment);
        var use = deployment.Meter.Stop();
        Assert.SkipWhen(use.CpuSeconds is null, use.Source);
        Assert.StartsWith("cgroup v", use.Source, StringComparison.Ordinal);
        Assert.InRange(use.CpuSeconds!.Value, 0.05, 30);
        Assert.InRange(use.MeanResidentBytes!.Value, 500e3, 64e6);
        Assert.True(use.PeakResidentBytes >= use.MeanResidentBytes);
        Assert.True(use.SentBytes > 30 * 40, $"{use.SentBytes} bytes sent");
        Assert.True(use.ReceivedBytes > 30 * 40, $"{use.ReceivedBytes} bytes received");
        Assert.Equal(0, use.OomKills);
        Assert.True(use.QuotaPeriods > 0);
        Assert.True(use.CoresBusySeconds >= use.CpuSeconds * 0.9, $"cores busy for {use.CoresBusySeconds} s, the container for {use.CpuSeconds} s");
        Assert.NotNull(use.StolenSeconds);
    }

    [Theory]
    [InlineData("[exit]", "it ended by itself with code 3")]
    [InlineData("[eat]", "it was killed by the kernel because it needed more memory than its limit of 64 MiB")]
    public async Task A_container_that_ends_says_how(string arguments, string how)
    {
        await using var deployment = await DeployAsync(await PreparedAsync(arguments));
        await EndedAsync(deployment);
        Assert.StartsWith(how, await deployment.EndedBecauseAsync(), StringComparison.Ordinal);
        // What is killed outright may not have got its last words out.
        if (arguments == "[exit]") Assert.Contains("told to exit", await deployment.EndedBecauseAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kill", "it was ended by signal 9")]
    [InlineData("rm --force", "somebody has removed its container")]
    public async Task A_container_that_somebody_ends_is_noticed(string command, string how)
    {
        await using var deployment = await DeployAsync(await PreparedAsync("[serve]"));
        await AnswersAsync(deployment);
        await DockerAsync([.. command.Split(' '), $"servebench.{_id}"]);
        await EndedAsync(deployment);
        Assert.StartsWith(how, await deployment.EndedBecauseAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Dockerfile_that_fails_shows_its_end_and_keeps_the_whole_log()
    {
        var stack = await PreparedAsync("[serve]");
        Write("Dockerfile", "FROM debian:trixie-slim\nRUN echo before; echo the reason; exit 7\n");
        var (_, obstacle) = Assert.Single(await PrepareAsync(stack, force: true));
        Assert.Contains("the reason", obstacle.Problem, StringComparison.Ordinal);
        Assert.Contains("7", obstacle.Problem, StringComparison.Ordinal);
        Assert.Contains("before", await File.ReadAllTextAsync(Path.Combine(_folder, "artifacts", "logs", "image-null.log"), Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_dead_run_left_is_swept_and_nothing_else()
    {
        var stack = await PreparedAsync("[sleep]");
        await using var mine = await DeployAsync(stack);
        var realm = (await DockerAsync("inspect", "--format={{index .Config.Labels \"servebench.realm\"}}", $"servebench.{_id}")).Trim();
        await DockerAsync("run", "--detach", $"--name=servebench.dead.{_id}", $"--label=servebench.deployment=dead.{_id}", $"--label=servebench.realm={realm}", $"--label=servebench.owner={Environment.ProcessId}:1", _host.Image(stack)!.Name, "sleep");
        // Another pipeline on this machine may sweep it first; either way it must be gone, and this one's own must not.
        await _host.SweepAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await DockerAsync("ps", "--all", $"--filter=name=servebench.dead.{_id}", "--quiet"));
        Assert.Null(await mine.EndedBecauseAsync());
    }

    [Fact]
    public async Task An_image_is_built_again_only_when_something_in_it_has_changed()
    {
        var stack = await PreparedAsync("[serve]");
        var first = _host.Image(stack)!;
        Assert.True(first.Bytes > 20e6 && first.CompressedBytes > 5e6 && first.CompressedBytes < first.Bytes, $"{first.Bytes} bytes, {first.CompressedBytes} packed");
        Assert.True(first.Layers >= 2);
        var again = new DockerHost(_commands, new ImageFolders(_folder, Path.Combine(_folder, "artifacts")));
        await again.PrepareAsync([stack], new PrepareOptions(false, true), SilentObserver.Instance, Cancelled);
        Assert.Equal(first.Digest, again.Image(stack)!.Digest);
        Write("app/server.pl", Server + "# changed");
        var changed = new DockerHost(_commands, new ImageFolders(_folder, Path.Combine(_folder, "artifacts")));
        await changed.PrepareAsync([stack], new PrepareOptions(false, true), SilentObserver.Instance, Cancelled);
        Assert.NotEqual(first.Name, changed.Image(stack)!.Name);
        Assert.NotEqual(_host.Fingerprint(stack), changed.Fingerprint(stack));
    }

    private async Task<Stack> PreparedAsync(string arguments)
    {
        await _host.LookAsync([], Cancelled);
        Assert.SkipWhen(_host.Unavailable is not null, $"no container can be run here: {_host.Unavailable}");
        var stack = NullStack.Stack(_host, $$"""
            context: [app]
            port: 8000
            arguments: {{arguments}}
            memory: 64m
            stop-limit: 1s
            """, _folder);
        var failed = await PrepareAsync(stack, force: false);
        Assert.SkipWhen(failed.Values.Any(f => f.Problem.StartsWith("the base image", StringComparison.Ordinal)), string.Join("; ", failed.Values));
        Assert.Empty(failed);
        return stack;
    }

    private Task<IReadOnlyDictionary<string, Obstacle>> PrepareAsync(Stack stack, bool force) =>
        _host.PrepareAsync([stack], new PrepareOptions(force, false), SilentObserver.Instance, Cancelled);

    private Task<IDeployment> DeployAsync(Stack stack) => _host.DeployAsync(
        new DeploymentRequest
        {
            Id = _id,
            Stack = stack,
            Track = NullStack.Track,
            Model = NullStack.Model with { Folder = Path.Combine(_folder, "model") },
            LogFile = Path.Combine(_folder, "server.log"),
            Cpus = [CpuAffinity.Available[0]],
        },
        Cancelled);

    private async Task<string> DockerAsync(params string[] arguments) =>
        (await _commands.RunAsync(new CommandSpec("docker", arguments), cancellationToken: Cancelled)).Output;

    private static async Task AnswersAsync(IDeployment deployment)
    {
        using var client = new HttpClient();
        for (var tries = 0; ; tries++)
        {
            try
            {
                Assert.Equal("hi\n", await client.GetStringAsync($"http://{deployment.Endpoints[Endpoints.Http]}/", Cancelled));
                return;
            }
            catch (HttpRequestException) when (tries < 400)
            {
                Assert.Null(await deployment.EndedBecauseAsync());
                await Task.Delay(50, Cancelled);
            }
        }
    }

    private static async Task EndedAsync(IDeployment deployment)
    {
        for (var tries = 0; await deployment.EndedBecauseAsync() is null; tries++)
        {
            Assert.True(tries < 600, "it did not end within thirty seconds");
            await Task.Delay(50, Cancelled);
        }
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
