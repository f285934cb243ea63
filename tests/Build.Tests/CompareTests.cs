using System.Diagnostics;
using ServeBench.Build.Options;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;
using ServeBench.Synthetic;

namespace ServeBench.Build.Tests;

/// <summary><c>--target=Compare</c> as a whole program, by its exit code.</summary>
[Lane("slow")]
public sealed class CompareTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CompareTests()
    {
        Run("20260102T030405Z-embeddings", 1);
        Run("20260103T030405Z-embeddings", 1);
        Run("20260104T030405Z-embeddings", 0.9);
    }

    [Fact]
    public void A_planted_loss_of_a_tenth_turns_it_red() => Assert.Equal(ExitCodes.Regression, Compare("20260104T030405Z-embeddings", "--fail-on=regression"));

    [Fact]
    public void The_same_code_again_stays_green() => Assert.Equal(ExitCodes.Success, Compare("20260103T030405Z-embeddings", "--fail-on=regression,invalid"));

    [Fact]
    public void Without_being_asked_a_regression_is_told_and_no_failure() => Assert.Equal(ExitCodes.Success, Compare("20260104T030405Z-embeddings"));

    [Fact]
    public void Both_outcomes_are_written_for_a_pull_request_and_for_ci()
    {
        Compare("20260104T030405Z-embeddings");
        var compared = Path.Combine(Composition.RepositoryPaths.Find().Artifacts, "compare", "20260104t030405z-embeddings_.20260102t030405z-embeddings");
        Assert.Contains("REGRESSION", File.ReadAllText($"{compared}.md"), StringComparison.Ordinal);
        Assert.Contains("<failure", File.ReadAllText($"{compared}.junit.xml"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_published_results_file_is_a_baseline_and_its_missing_machine_must_be_allowed()
    {
        var published = Path.Combine(_folder.Path, "published.json");
        File.WriteAllText(published, ResultsJson.Write(RunEvaluator.Evaluate(new RunFolder(Path.Combine(_folder.Path, "20260102T030405Z-embeddings")), TestContext.Current.CancellationToken)));
        string[] asked = ["--target=Compare", $"--out={_folder.Path}", "--run=20260104T030405Z-embeddings", $"--baseline={published}", "--fail-on=regression"];
        Assert.Equal(ExitCodes.Usage, Exit(asked));
        Assert.Equal(ExitCodes.Regression, Exit([.. asked, "--allow=machine"]));
    }

    [Fact]
    public void Without_a_baseline_or_with_an_unknown_one_nothing_starts()
    {
        Assert.Equal(ExitCodes.Usage, Exit(["--target=Compare", $"--out={_folder.Path}"]));
        Assert.Equal(ExitCodes.Usage, Exit(["--target=Compare", $"--out={_folder.Path}", "--baseline=nosuch"]));
    }

    [Fact]
    public void Names_are_checked_and_the_nearest_is_named()
    {
        var faults = new FaultList();
        var request = CompareRequest.Of(CommandLine.Parse(["--target=Compare", "--fail-on=regresion", "--allow=host,wieghts"], faults), isAsked: true, faults);
        Assert.Equal(["--baseline", "--fail-on", "--allow"], faults.Select(f => f.Where));
        Assert.Contains("regression", faults[1].Remedy, StringComparison.Ordinal);
        Assert.Null(request.Baseline);
        Assert.Equal(CompareRequest.Facets, CompareRequest.Of(CommandLine.Parse(["--allow=*"], faults), isAsked: false, faults).Allow);
    }

    public void Dispose() => _folder.Dispose();

    private int Compare(string run, params string[] more) =>
        Exit(["--target=Compare", $"--out={_folder.Path}", $"--run={run}", "--baseline=20260102T030405Z-embeddings", .. more]);

    /// <summary>As a process: the engine finds its tasks in the program that was started.</summary>
    private static int Exit(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "ServeBench.Build.exe" : "ServeBench.Build"), arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <param name="id">Its folder.</param>
    /// <param name="factor">How many times as fast one of the stacks is.</param>
    private void Run(string id, double factor) => new SyntheticRun
    {
        Id = id,
        Trials = 5,
        Twin = false,
        Workloads = [SyntheticWorkload.Quick[1]],
        Behaviour = (of, load) =>
        {
            // Measuring again never gives the same.
            var again = id.StartsWith("20260102", StringComparison.Ordinal) ? 1 : ((double[])[1.006, 0.995, 1.003, 0.992, 1.004])[of.Trial - 1];
            var (usual, speed) = (SyntheticBehaviour.Usual(of, load), again * (of.Stack == SyntheticRun.Unbatched ? factor : 1));
            return usual with { ItemsPerSecond = usual.ItemsPerSecond * speed, LatencySeconds = usual.LatencySeconds / speed };
        },
    }.Write(_folder.Path);
}
