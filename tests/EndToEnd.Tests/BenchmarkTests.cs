using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;

namespace ServeBench.EndToEnd.Tests;

/// <summary>The program as users run it: real model, real servers, real load, in the smoke profile.</summary>
public sealed class BenchmarkTests : IDisposable
{
    private readonly string _out = Directory.CreateTempSubdirectory("servebench-test-").FullName;

    /// <summary>A seed of its own for each test, so that nothing stored by another start is reused.</summary>
    private readonly string _seed = $"--seed={Random.Shared.Next(1000, int.MaxValue)}";

    public void Dispose() => Directory.Delete(_out, recursive: true);

    private string[] Command(params string[] more) => ["--target=Benchmark", "--group=embeddings", "--profile=smoke", "--weights=seeded", $"--out={_out}", _seed, .. more];

    /// <summary>Parity, warm-up, load and the check of answers under load, all as calls.</summary>
    [Fact]
    public async Task Images_are_served_over_gRPC()
    {
        var (code, output) = await Pipeline.RunAsync(
            "--target=Benchmark", "--group=image-classification", "--workload=tensor-grpc", "--stack=onnxruntime-dotnet", "--track=default", "--model=mobilenet-v3-small", "--profile=smoke", "--trials=1", "--weights=seeded", $"--out={_out}", _seed);
        Assert.True(code is ExitCodes.Success or ExitCodes.Invalid, output);
        var folder = new RunFolder(Path.Combine(_out, "latest"));
        var trials = folder.ReadManifest().Trials;
        Assert.NotEmpty(trials);
        Assert.All(folder.ReadDeployments(), d => Assert.True(d is { Failure: null, Parity.Passed: true }, d.Failure));
        Assert.All(trials.Select(t => folder.ReadTrial(t)!), trial => Assert.True(trial is { Case.Protocol: "open-inference-images-grpc", SampleCount: > 0, Checks: { Wrong: 0, Checked: > 0 }, Counters.Inferences: > 0 }));
    }

    [Fact]
    public async Task The_whole_benchmark_runs_and_the_same_again_reuses_everything()
    {
        var (code, output) = await Pipeline.RunAsync(Command());
        Assert.True(code is ExitCodes.Success or ExitCodes.Invalid, output);
        var folder = new RunFolder(Path.Combine(_out, "latest"));
        var manifest = folder.ReadManifest();
        Assert.NotNull(manifest.FinishedUtc);
        Assert.All(manifest.Trials, t => Assert.NotNull(folder.ReadTrial(t)));
        Assert.All(folder.ReadDeployments(), d => Assert.True(d is { Failure: null, Parity.Passed: true, ColdStartSeconds: > 0 }, d.Failure));
        Assert.All(manifest.Trials.Select(t => folder.ReadTrial(t)!), trial =>
        {
            Assert.True(trial.SampleCount > 0);
            Assert.Equal(0, trial.Checks.Wrong);
            Assert.True(trial.Checks.Checked > 0);
            Assert.True(trial.Counters is { Inferences: > 0, Executions: > 0 });
            Assert.True(trial.Server is { CpuSeconds: > 0, PeakResidentBytes: > 1e6 });
        });
        foreach (var file in new[] { "report.md", "report.html", "results.json", "manifest.json" }) Assert.True(new FileInfo(Path.Combine(folder.Path, file)).Length > 1000, file);
        Assert.NotEmpty(Directory.EnumerateFiles(folder.Charts, "*.svg"));
        Assert.Contains("seeded", File.ReadAllText(Path.Combine(folder.Path, "report.md")), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("never quote", output, StringComparison.OrdinalIgnoreCase);
        await Servers.UntilNoneAsync();

        var before = Contents();
        // Whatever else this machine does: what is INVALID on a busy one would be measured again.
        var (again, said) = await Pipeline.RunAsync(Command("--reuse=any"));
        Assert.Equal(code, again);
        Assert.Contains($"{manifest.Trials.Count} results were reused", said, StringComparison.Ordinal);
        Assert.Equal(before, Contents());

        // From what is stored alone, and to the byte.
        foreach (var file in Directory.EnumerateFiles(folder.Path).Where(f => !f.EndsWith("manifest.json", StringComparison.Ordinal) && !f.EndsWith("calibration.json", StringComparison.Ordinal))) File.Delete(file);
        Directory.Delete(folder.Charts, recursive: true);
        var (rendered, text) = await Pipeline.RunAsync("--target=Report", "--run=latest", $"--out={_out}");
        Assert.True(rendered == code, text);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task Killed_outright_at_any_moment_nothing_is_lost_and_nothing_is_left()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells whose a process is");
        string[] command = Command("--workload=sequence-128", "--trials=2", "--reuse=any");
        // Each at some moment after something is so: the run has begun, a server runs, a trial is stored, another is, all are.
        Func<bool>[] moments =
        [
            () => Directory.EnumerateDirectories(_out).Any(),
            () => Servers.Alive().Count > 0,
            () => Trials().Count >= 1,
            () => Trials().Count >= 2,
            () => Trials().Count == 4,
        ];
        var kills = new KillMoments();
        var kept = 0;
        foreach (var moment in moments)
        {
            using var pipeline = Pipeline.Start(command);
            await UntilAsync(() => moment() || pipeline.HasExited);
            await Task.Delay(kills.Next(mostMilliseconds: 700), TestContext.Current.CancellationToken);
            if (!pipeline.HasExited) pipeline.KillOutright();
            await pipeline.WaitAsync();
            await Servers.UntilNoneAsync();
            var now = Trials().Count;
            Assert.True(now >= kept, $"{kept} trials before the kill, {now} after it; {kills} {_seed}");
            kept = now;
        }
        Assert.True(kept == 4, $"the starts were killed after {kept} of 4 trials were stored; {kills} {_seed}");
        var stored = Trials();
        var (code, output) = await Pipeline.RunAsync(command);
        Assert.True(code is ExitCodes.Success or ExitCodes.Invalid, $"{kills} {_seed}: {output}");
        // 2 stacks x 2 trials x 1 level; what the killed starts had finished is among them, untouched.
        var after = Trials();
        Assert.True(after.Count == 4, $"{after.Count} trials are stored instead of 4; {kills} {_seed}");
        Assert.All(stored, old => Assert.True(old.Value.Equals(after[old.Key]), $"{old.Key} was changed; {kills} {_seed}"));
        await Servers.UntilNoneAsync();
    }

    [Fact]
    public async Task Ctrl_C_ends_in_order_and_the_same_command_goes_on()
    {
        string[] command = Command("--workload=sequence-128", "--trials=2");
        using (var pipeline = Pipeline.Start(command))
        {
            await UntilAsync(() => Servers.Alive().Count > 0 || pipeline.HasExited);
            Assert.Equal(ExitCodes.Interrupted, await pipeline.InterruptAsync());
            Assert.Contains("the same command goes on from there", pipeline.Output, StringComparison.Ordinal);
            await Servers.UntilNoneAsync();
        }
        var (code, output) = await Pipeline.RunAsync(command);
        Assert.True(code is ExitCodes.Success or ExitCodes.Invalid, output);
        Assert.Contains("was not finished", output, StringComparison.Ordinal);
        Assert.Equal(4, Trials().Count);
    }

    [Fact]
    public async Task Piped_output_is_quiet_and_plain()
    {
        var (code, output) = await Pipeline.RunAsync("--target=Models", "--group=embeddings", "--weights=seeded");
        Assert.Equal(ExitCodes.Success, code);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", output, StringComparison.Ordinal);
        Assert.Contains("seeded", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_the_command_is_said_at_once_and_nothing_starts()
    {
        var (code, output) = await Pipeline.RunAsync("--target=Benchmark", "--gruop=embeddings", "--profile=smok", $"--out={_out}");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("Did you mean --group?", output, StringComparison.Ordinal);
        Assert.Contains("Did you mean smoke?", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_out));
    }

    [Theory]
    [InlineData("--profile=smok", "Did you mean smoke?")]
    [InlineData("--trials=abc", "--trials: 'abc'")]
    [InlineData("--group=nosuch", "nosuch")]
    public async Task A_task_that_needs_no_catalogue_refuses_wrong_values_all_the_same(string option, string told)
    {
        var (code, output) = await Pipeline.RunAsync("--target=Report", option, $"--out={_out}");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(told, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_benchmark_cannot_be_run_without_what_it_consists_of()
    {
        var (code, output) = await Pipeline.RunAsync("--target=Benchmark", "--group=embeddings", "--exclusive", $"--out={_out}");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("--target=Report", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_told()
    {
        var (code, output) = await Pipeline.RunAsync("--target=Report", "--run=20200101T000000Z-embeddings", $"--out={_out}");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("--run", output, StringComparison.Ordinal);
    }

    /// <summary>Every trial record of every run, with its text.</summary>
    private Dictionary<string, string> Trials() => Directory.EnumerateDirectories(_out).Where(d => !d.EndsWith("latest", StringComparison.Ordinal))
        .SelectMany(d => Directory.Exists(Path.Combine(d, "trials")) ? Directory.EnumerateFiles(Path.Combine(d, "trials"), "*.json", SearchOption.AllDirectories) : [])
        .Where(f => !Path.GetFileName(f).StartsWith('.'))
        .ToDictionary(f => f, f => JsonDocument.Parse(File.ReadAllText(f)).RootElement.GetRawText());

    private List<string> Contents() =>
        [.. Directory.EnumerateFiles(_out, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => $"{f} {ContentHash.OfFile(f)}")];

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 12000, "the condition was not met within ten minutes");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
