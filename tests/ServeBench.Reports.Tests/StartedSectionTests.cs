using ServeBench.Domain.Trials;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

public sealed class StartedSectionTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void What_was_started_and_how_it_ended_is_reported_beside_what_its_stack_says()
    {
        var report = Report(
            c => c with
            {
                Caches = c.Stack == SyntheticRun.Batched ? [new("response cache", IsOn: false, "--cache-config="), new("prefix cache", IsOn: true, null)] : [],
                ListensEverywhere = c.Stack == SyntheticRun.Batched,
            },
            d => d with
            {
                Stop = new StopRecord
                {
                    Seconds = 1.25,
                    ExitCode = 137,
                    IsExpected = false,
                    Steps = [],
                    Forced = ["python3 (7)"],
                    Removed = ["/dev/shm/region"],
                },
            },
            "0.0.0.0:8000");
        Assert.Contains(
            "- **ONNX Runtime .NET**: response cache off (--cache-config=) and prefix cache on, which cannot be switched; listens on every interface, whatever its options.\n", report, StringComparison.Ordinal);
        Assert.Matches(@"\n- \*\*[^*\n]+\*\*: no cache of answers; is to listen on the address that it is given, and was seen to listen on 0\.0\.0\.0\.\n", report);
        Assert.Matches(@"\| ONNX Runtime \.NET \| server \(main\) \| 10 \| 1 \| 3 \| 2 \| 8\.00 \| 0\.0\.0\.0:8000 \| 1\.25 \| 137 \|", report);
        Assert.Contains("ended with code 137, which its stack does not accept", report, StringComparison.Ordinal);
        Assert.Contains("1 process had to be killed: python3 (7)", report, StringComparison.Ordinal);
        Assert.Contains("it left /dev/shm/region, which was removed", report, StringComparison.Ordinal);
    }

    [Fact]
    [Lane("slow")]
    public void Stacks_of_which_the_same_is_said_are_named_together()
    {
        var report = Report(c => c with { Caches = [], ListensEverywhere = false }, d => d, "127.0.0.1:8000");
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(report, @"\*\*: no cache of answers; listens on the address that it is given\.\n"));
    }

    private string Report(Func<ContenderRecord, ContenderRecord> contender, Func<DeploymentRecord, DeploymentRecord> deployment, string listens)
    {
        var run = new SyntheticRun
        {
            Id = "20260102T030405Z-started",
            Profile = Runs.Smoke.Profile,
            Quotable = false,
            Trials = 2,
            Twin = false,
            NotMeasured = [],
            Workloads = Runs.Smoke.Workloads,
            ChangeContender = contender,
            ChangeDeployment = deployment,
            Change = t => t with { Processes = [new ServerProcessRecord(7, "main", "server", 10, "1", 3, 2, 8 << 20, [listens])] },
        };
        var folder = run.Write(_temporary.Path);
        ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        return File.ReadAllText(Path.Combine(folder.Path, "report.md"));
    }
}
