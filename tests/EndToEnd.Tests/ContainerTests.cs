using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Hosts.Images;
using ServeBench.Processes.Commands;

namespace ServeBench.EndToEnd.Tests;

/// <summary>The program as users run it, with real containers; skipped with the reason where no engine answers.</summary>
[Lane("engine")]
public sealed class ContainerTests : IDisposable
{
    private readonly string _out = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly string _seed = $"--seed={Random.Shared.Next(1000, int.MaxValue)}";
    private readonly CommandRunner _commands = new();

    /// <summary>Where dockerd writes its own process id and its containerd's, unless it is told otherwise.</summary>
    private static readonly string[] PidFiles = ["/var/run/docker.pid", "/var/run/docker/containerd/containerd.pid"];

    public void Dispose() => Directory.Delete(_out, recursive: true);

    private RunFolder Latest => new(Path.Combine(_out, "latest"));

    private string[] Command(params string[] more) =>
        ["--target=Benchmark", "--group=embeddings", "--profile=smoke", "--weights=seeded", "--host=docker", "--workload=sequence-128", $"--out={_out}", _seed, .. more];

    [Fact]
    public async Task Every_stack_that_has_an_image_is_built_deployed_and_measured()
    {
        await NeedEngineAsync();
        var (code, output) = await Pipeline.RunAsync(Command("--track=default", "--trials=1"));
        Assert.True(code is ExitCodes.Success or ExitCodes.Invalid, output);
        var manifest = Latest.ReadManifest();
        Assert.NotNull(manifest.FinishedUtc);
        Assert.All(manifest.Contenders, c => Assert.True(c.Image is { Layers: > 0, CompressedBytes: > 0 }, c.Label));
        Assert.Contains("Docker Engine", manifest.Versions.Keys);
        Assert.All(Latest.ReadDeployments(), d => Assert.True(d is { Failure: null, Parity.Passed: true, Host: "docker", ColdStart: { ContainerSeconds: > 0, ProcessSeconds: > 0 } }, $"{d.Contender}: {d.Failure}"));
        // Each server tells what it computes with, of whatever language it is.
        Assert.All(Latest.ReadDeployments(), d => Assert.Matches(d.Stack == "fastapi-pytorch" ? @"^PyTorch \d+\.\d+" : @"^ONNX Runtime \d+\.\d+", d.Runtime));
        Assert.All(Latest.ReadDeployments(), d => Assert.True(d.TouchedBytes > 0, d.Contender));
        Assert.All(manifest.Trials.Select(t => Latest.ReadTrial(t)!), t => Assert.True(t.Server is { CpuSeconds: > 0, SentBytes: > 0, OomKills: 0 or null }, t.Server.Source));
        var report = await File.ReadAllTextAsync(Path.Combine(Latest.Path, "report.md"), TestContext.Current.CancellationToken);
        Assert.Contains("What a cold start consists of", report, StringComparison.Ordinal);
        Assert.Contains("Container images", report, StringComparison.Ordinal);
        Assert.Empty(await ContainersAsync());
        // Unless this machine's C library is newer than the image's.
        if (!output.Contains("would need version", StringComparison.Ordinal)) await AssertIsNativeAsync(manifest.Contenders.First(c => c.Stack == "onnxruntime-dotnet").Image!.Name);
        // What our program is linked for.
        var library = await _commands.RunAsync(new CommandSpec("docker", "run", "--rm", "--network=none", "debian:trixie-slim", "ldd", "--version"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.EndsWith($" {CLibrary.OfImages}", library.Output.Split('\n')[0], StringComparison.Ordinal);

        // Nothing has changed: no image is built and no container run.
        var (again, said) = await Pipeline.RunAsync(Command("--track=default", "--trials=1", "--reuse=any"));
        Assert.True(again == code, said);
        Assert.Contains("Nothing has changed", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Building the image", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_killed_within_a_case_makes_that_case_invalid_and_the_others_go_on()
    {
        await NeedEngineAsync();
        using var pipeline = Pipeline.Start(Command("--stack=onnxruntime-dotnet", "--track=default", "--trials=2"));
        // Its record is written when its answers are right, and the load begins.
        await UntilAsync(() => Task.FromResult(pipeline.HasExited || (Directory.Exists(Latest.Path) && Latest.ReadDeployments().Count > 0)));
        foreach (var container in await ContainersAsync()) await _commands.RunAsync(new CommandSpec("docker", "kill", container), cancellationToken: TestContext.Current.CancellationToken);
        await pipeline.WaitAsync();
        var trials = Latest.ReadManifest().Trials.Select(t => Latest.ReadTrial(t)).ToArray();
        Assert.Equal(2, trials.Length);
        Assert.StartsWith("the server ended: it was ended by signal 9", trials[0]!.Disturbance, StringComparison.Ordinal);
        Assert.Null(trials[1]!.Disturbance);
        Assert.Contains("INVALID", await File.ReadAllTextAsync(Path.Combine(Latest.Path, "report.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(await ContainersAsync());
    }

    [Fact]
    public async Task An_engine_killed_within_a_case_makes_that_case_invalid_and_the_next_goes_on_when_it_is_back()
    {
        var named = Environment.GetEnvironmentVariable("SERVEBENCH_ENGINE_TO_KILL");
        Assert.SkipWhen(string.IsNullOrEmpty(named), "SERVEBENCH_ENGINE_TO_KILL names no dockerd, by its process id, that a test may kill and start again");
        await NeedEngineAsync();
        using var engine = Process.GetProcessById(int.Parse(named, CultureInfo.InvariantCulture));
        Assert.Equal("dockerd", engine.ProcessName);
        var command = (await File.ReadAllTextAsync($"/proc/{engine.Id}/cmdline", TestContext.Current.CancellationToken)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        // containerd, which ends with it. An engine that starts while it does waits for it in vain.
        string[] helpers = [.. Directory.EnumerateDirectories("/proc").Where(p => ParentOf(p) == engine.Id)];
        var log = File.ResolveLinkTarget($"/proc/{engine.Id}/fd/1", returnFinalTarget: false) is FileInfo { Exists: true } file ? file.FullName : "/dev/null";

        using var pipeline = Pipeline.Start(Command("--stack=onnxruntime-dotnet", "--track=default", "--trials=2"));
        await UntilAsync(() => Task.FromResult(pipeline.HasExited || (Directory.Exists(Latest.Path) && Latest.ReadDeployments().Count > 0)));
        Assert.False(pipeline.HasExited, pipeline.Output);
        try
        {
            engine.Kill();
            // It need not be gone: its starter may not ask how it ended, and it has no command any more.
            await UntilAsync(() => Task.FromResult(!Runs(engine.Id) && !helpers.Any(Runs)));
        }
        finally
        {
            if (!Runs(engine.Id)) await StartEngineAsync(log, command);
        }
        await pipeline.WaitAsync();
        var trials = Latest.ReadManifest().Trials.Select(t => Latest.ReadTrial(t)).ToArray();
        Assert.Equal(2, trials.Length);
        Assert.StartsWith("the server ended: the Docker Engine ended", trials[0]!.Disturbance, StringComparison.Ordinal);
        Assert.Null(trials[1]!.Disturbance);
        Assert.Contains("INVALID", await File.ReadAllTextAsync(Path.Combine(Latest.Path, "report.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(await ContainersAsync());
    }

    [Fact]
    public async Task A_container_that_listens_but_never_answers_is_told_and_removed()
    {
        await NeedEngineAsync();
        using var checkout = new Checkout();
        // It takes every connection, reads what comes, and says nothing.
        const string Server = "use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die $!; my @all; while (my $c = $l->accept()) { push @all, $c; }";
        checkout.AddContainer("mute", "context: [server.pl]\nport: 8000\nstart-limit: 3s\nstop-limit: 1s", ("Dockerfile", "FROM debian:trixie-slim\nCOPY server.pl /\nENTRYPOINT [\"perl\", \"/server.pl\"]\n"), ("server.pl", Server));
        var (code, output) = await Pipeline.RunInAsync(checkout.Root, "--target=Verify", "--group=embeddings", "--host=docker", "--model=all-MiniLM-L6-v2", "--weights=seeded", "--stack=mute");
        Assert.True(code == ExitCodes.Invalid, output);
        Assert.Contains("mute: it was not ready within 3 s (start-limit in its stack.yaml); asked last, ", output, StringComparison.Ordinal);
        Assert.Contains(":8000 did not answer within ", output, StringComparison.Ordinal);
        var left = await _commands.RunAsync(new CommandSpec("docker", "ps", "--all", "--quiet", "--filter=name=servebench.verify.mute"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("", left.Output);
    }

    [Fact]
    public async Task A_pipeline_killed_outright_leaves_no_container()
    {
        await NeedEngineAsync();
        using var pipeline = Pipeline.Start(Command("--stack=onnxruntime-dotnet", "--track=default", "--trials=2"));
        await UntilAsync(async () => pipeline.HasExited || (await ContainersAsync()).Count > 0);
        pipeline.KillOutright();
        await pipeline.WaitAsync();
        await UntilAsync(async () => (await ContainersAsync()).Count == 0);
    }

    private async Task NeedEngineAsync()
    {
        try
        {
            await _commands.RunAsync(new CommandSpec("docker", "version") { Timeout = TimeSpan.FromSeconds(20) }, cancellationToken: TestContext.Current.CancellationToken);
        }
        catch (CommandFailedException e)
        {
            Assert.Skip($"no container can be run here: {e.Message}");
        }
        var (code, output) = await Pipeline.RunAsync("--target=Images", "--group=embeddings", "--stack=onnxruntime-dotnet");
        Assert.SkipWhen(code != ExitCodes.Success && output.Contains("the base image", StringComparison.Ordinal), output);
        Assert.True(code == ExitCodes.Success, output);
    }

    /// <summary>Where this machine can link one native program, the image of our server holds that, and no runtime of .NET beside it.</summary>
    private async Task AssertIsNativeAsync(string image)
    {
        if (await NativeLinker.FindAsync(_commands, RuntimeInformation.RuntimeIdentifier, TestContext.Current.CancellationToken) is null) return;
        var container = (await _commands.RunAsync(new CommandSpec("docker", "create", image), cancellationToken: TestContext.Current.CancellationToken)).Output.Trim();
        try
        {
            var copy = Path.Combine(_out, "image");
            await _commands.RunAsync(new CommandSpec("docker", "cp", $"{container}:/server", copy), cancellationToken: TestContext.Current.CancellationToken);
            Assert.True(File.Exists(Path.Combine(copy, "ServeBench.OnnxServer")));
            Assert.False(File.Exists(Path.Combine(copy, "libcoreclr.so")), "it brings .NET's runtime along");
            // Without the one that the other needs it would not load.
            var all = await _commands.RunAsync(new CommandSpec("sh", "-c", $"docker export {container} | tar -t"), cancellationToken: TestContext.Current.CancellationToken);
            Assert.All(["/libwebp.so.7", "/libsharpyuv.so.0"], library => Assert.Contains(library, all.Output, StringComparison.Ordinal));
        }
        finally
        {
            await _commands.RunAsync(new CommandSpec("docker", "rm", container), cancellationToken: CancellationToken.None);
        }
    }

    /// <summary>Containers, running or not, of this test's runs: others may measure on the same machine.</summary>
    private async Task<IReadOnlyList<string>> ContainersAsync()
    {
        var listed = await _commands.RunAsync(
            new CommandSpec("docker", "ps", "--all", "--filter=label=servebench.deployment", "--format={{.Names}}"), cancellationToken: TestContext.Current.CancellationToken);
        string[] runs = [.. Directory.EnumerateDirectories(_out).Select(d => $"servebench.{Path.GetFileName(d)}.")];
        return [.. listed.Output.Split('\n').Where(name => Array.Exists(runs, run => name.StartsWith(run, StringComparison.Ordinal)))];
    }

    /// <param name="process">Its folder in /proc.</param>
    /// <returns>Null for another folder, or when the process has just gone.</returns>
    private static int? ParentOf(string process)
    {
        if (!int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out _)) return null;
        try
        {
            // pid (name) state ppid ...
            var stat = File.ReadAllText(Path.Combine(process, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ')[2], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Starts an engine that outlives this test, as its predecessor did its starter, and waits until it answers.</summary>
    private async Task StartEngineAsync(string log, IReadOnlyList<string> command)
    {
        // It does not start while a process that its predecessor wrote down is there, dead or not.
        foreach (var file in PidFiles) File.Delete(file);
        using var shell = Process.Start("/bin/sh", ["-c", "nohup \"$@\" </dev/null >>\"$0\" 2>&1 &", log, .. command]);
        await shell.WaitForExitAsync(CancellationToken.None);
        await UntilAsync(async () => (await _commands.TryRunAsync(new CommandSpec("docker", "version") { Timeout = TimeSpan.FromSeconds(20) }, cancellationToken: CancellationToken.None)).ExitCode == 0);
    }

    private static bool Runs(int process) => Runs($"/proc/{process}");

    /// <summary>Whether it is there and has not ended: one that has ended and was not asked how has no command any more.</summary>
    private static bool Runs(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 12000, "the condition was not met within ten minutes");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
