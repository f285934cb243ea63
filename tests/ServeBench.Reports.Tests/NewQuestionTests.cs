using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>A question is one class: it is asked, answered, judged and shown, and neither a chart nor a table asks which one it is.</summary>
[Lane("slow")]
public sealed class NewQuestionTests : IDisposable
{
    private static readonly Criteria WithThrift = new() { Questions = new KnownQuestions([.. KnownQuestions.OfProgram.All, new ThriftQuestion()]) };

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void It_is_answered_by_the_metric_that_it_names_and_judged_as_a_family_of_its_own()
    {
        var folder = Runs.Quick.Write(_temporary.Path);
        var (asked, plain) = (RunEvaluator.Evaluate(folder, WithThrift, TestContext.Current.CancellationToken), RunEvaluator.Evaluate(folder));
        var answers = asked.Answers.Where(a => a.Question == "thrift").ToArray();
        Assert.Equal(plain.Answers.Where(a => a.Question == Questions.Capacity).Select(a => a.Workload), answers.Select(a => a.Workload));
        Assert.All(answers, a => Assert.Equal((MemoryMean.MetricId, 2), (a.Metric, a.Standings.Count(s => s.Median is not null))));
        Assert.Contains(asked.Comparisons, c => c.Question == "thrift" && c.Verdict != ComparisonVerdict.NotCompared);
        Assert.Contains(asked.NoiseFloors, f => f.Question == "thrift");
        // What the other questions find is not touched.
        Assert.Equal(ResultsJson.Write(plain), ResultsJson.Write(asked with
        {
            Answers = [.. asked.Answers.Where(a => a.Question != "thrift")],
            Comparisons = [.. asked.Comparisons.Where(c => c.Question != "thrift")],
            NoiseFloors = [.. asked.NoiseFloors.Where(f => f.Question != "thrift")],
        }));
    }

    [Fact]
    [Lane("slow")]
    public void It_shows_in_the_report_and_on_the_terminal()
    {
        var folder = Runs.Quick.Write(_temporary.Path);
        var results = ReportWriter.Write(folder, WithThrift, ChartCatalogue.All, TestContext.Current.CancellationToken);
        var markdown = File.ReadAllText(Path.Combine(folder.Path, "report.md"));
        // Asked and explained, with its own words in the summary and a table of standings under the metric's heading.
        Assert.Contains("**With how little memory does it serve?** Resident memory at the first level", markdown, StringComparison.Ordinal);
        Assert.Matches(@"\| Workload \| [^|]+ \| Memory \(MiB\)", markdown);
        Assert.Matches(@"\*\*Thrift, mixed-length\*\*: [^\n]*(thriftier|as good within|undecided)", markdown);
        Assert.Contains("thrift", File.ReadAllText(Path.Combine(folder.Path, "results.json")), StringComparison.Ordinal);
        // A line of the heat map, which shows every figure that decides.
        Assert.Contains("mixed-length: Memory", File.ReadAllText(Path.Combine(folder.Charts, "heat-map.svg")), StringComparison.Ordinal);
        var context = new ReportContext(results, folder.ReadManifest()) { Questions = WithThrift.Questions };
        var block = Assert.Single(TerminalSummary.Of(context), b => b.Text == "With how little memory does it serve?");
        Assert.Contains(block.Rows, r => r[2].StartsWith("Memory ", StringComparison.Ordinal) && r[2].EndsWith("MiB", StringComparison.Ordinal));
    }

    [Fact]
    [Lane("slow")]
    public void Charts_ask_a_question_what_it_is_and_not_for_its_id()
    {
        // The program's own questions under other ids: all that is drawn of them must stay.
        var folder = Runs.Quick.Write(_temporary.Path);
        ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        var before = Charts(folder.Charts);
        Directory.Delete(folder.Charts, recursive: true);
        File.WriteAllText(folder.ManifestFile, Renamed(File.ReadAllText(folder.ManifestFile)));
        foreach (var record in Directory.EnumerateFiles(folder.Trials, "*.json", SearchOption.AllDirectories)) File.WriteAllText(record, Renamed(File.ReadAllText(record)));
        ReportWriter.Write(folder, new Criteria { Questions = new KnownQuestions([new RenamedCapacity(), new RenamedLatency()]) }, ChartCatalogue.All, TestContext.Current.CancellationToken);
        Assert.Equal(before, Charts(folder.Charts));
    }

    private static string Renamed(string json) => json
        .Replace("\"question\": \"capacity\"", "\"question\": \"how-much\"", StringComparison.Ordinal)
        .Replace("\"question\": \"latency\"", "\"question\": \"how-long\"", StringComparison.Ordinal);

    private static string[] Charts(string folder) =>
        [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(f => $"{Path.GetFileName(f)} {File.ReadAllText(f)}")];

    /// <summary>Asked of the cases of capacity, at the first level of each stack.</summary>
    private sealed class ThriftQuestion : Question
    {
        public override string Id => "thrift";

        public override string CasesOf => Questions.Capacity;

        public override int Order => 10;

        public override IReadOnlyList<string> Metrics { get; } = [MemoryMean.MetricId];

        public override string Table => CaseTables.Capacity;

        public override bool IsAtOneLoad => false;

        public override string Asked(string items) => "With how little memory does it serve?";

        public override string Explanation => "Resident memory at the first level of a closed loop.";

        public override string Ahead => "thriftier";

        public override string Behind(string percent) => $"{percent} hungrier";

        public override bool NamesMetrics => false;

        public override int CountContests(IReadOnlyList<PlannedCase> cases) => cases.Select(c => (c.Workload, c.Model, c.Scenario)).Distinct().Count();

        internal override IEnumerable<Contest> Contests(IEnumerable<CaseResult> cases) =>
            from c in cases
            where c.Question == CasesOf
            group c by new ContestKey(Id, c.Workload, c.Model, c.Host, c.Scenario, null) into contest
            let level = contest.First().Level
            select new Contest(contest.Key, MetricCatalogue.Get(MemoryMean.MetricId), [.. StackPool.Of(contest).Select(p => Entry(p, level))]);

        private static Entry Entry(StackPool pool, string level) => pool.Values(level, MemoryMean.MetricId) is { Count: > 0 } values
            ? new Entry(pool.Standing(level, values), values)
            : new Entry(pool.Lacking(pool.Cases, "its memory was not measured"), []);
    }

    /// <summary>What the program asks, under another name.</summary>
    private class Renaming(Question of, string id) : Question
    {
        public override string Id => id;

        public override int Order => of.Order;

        public override IReadOnlyList<string> Metrics => of.Metrics;

        public override string Table => of.Table;

        public override bool IsAtOneLoad => of.IsAtOneLoad;

        public override string Asked(string items) => of.Asked(items);

        public override string Explanation => of.Explanation;

        public override string Ahead => of.Ahead;

        public override string Behind(string percent) => of.Behind(percent);

        public override bool NamesMetrics => of.NamesMetrics;

        public override int CountContests(IReadOnlyList<PlannedCase> cases) => of.CountContests(cases);

        internal override IEnumerable<Contest> Contests(IEnumerable<CaseResult> cases) =>
            of.Contests(cases.Where(c => c.Question == Id).Select(c => c with { Question = of.Id })).Select(c => c with { Key = c.Key with { Question = Id } });
    }

    private sealed class RenamedCapacity() : Renaming(new CapacityQuestion(), "how-much");

    private sealed class RenamedLatency() : Renaming(new LatencyQuestion(), "how-long");
}
