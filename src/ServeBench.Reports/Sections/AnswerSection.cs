using ServeBench.Domain.Wording;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>What was asked, whom to take, who is as good, and what is undecided.</summary>
internal sealed class AnswerSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        foreach (var banner in Banners(report)) yield return banner;
        yield return new Heading(2, "The answer", "answer", "Answer");
        yield return new Paragraph(Setting(report));
        if (report.Results.Answers.Count > 0) yield return Summary(report);
        else if (report.Results.Cases.Count > 0 && report.Results.Cases.All(c => report.Questions.Find(c.Question) is null))
            yield return new Paragraph(
                "Nothing is compared: every load of this run is a ramp, which is no steady state. "
                    + "How latency followed it is shown under Workloads.");
        foreach (var question in report.Results.Answers.GroupBy(a => a.Question))
        {
            yield return new Paragraph(
                Text(Strong(Words.Question(report, question.Key)), " ", report.Questions.Get(question.Key).Explanation));
            yield return Standings(report, [.. question]);
            if (question.SelectMany(a => AnswerText.OutOfOrder(report, a)).ToArray() is { Length: > 0 } turned)
                yield return new Paragraph(
                    "Stacks are ranked by differences within blocks, not by the medians shown, "
                        + "which also hold what the blocks differed in. "
                        + $"{string.Join("; ", turned)}.");
        }
        foreach (var chart in charts.Where(c => c.Place is { Workload: null, Section: null, Detail: false }))
            yield return new Figure(chart);
        yield return new Details("How to read this", [new BulletList(Legend(report))]);
    }

    private static IEnumerable<Banner> Banners(ReportContext report)
    {
        if (!report.Results.Run.Quotable)
            yield return new Banner(
                "Never quote these numbers.",
                $"The profile {report.Results.Run.Profile} proves that everything is wired up; "
                    + "it measures far too briefly to compare anything.");
        if (!report.Results.Run.Complete)
        {
            yield return new Banner("This run is not complete.",
                $"{report.Results.Run.MeasuredCases} of {report.Results.Run.PlannedCases} planned measurements are here. "
                    + "The same command goes on from there.");
        }
        if (report.Results.Cases.Count > 0 && report.Results.Cases.All(c => c.Standing == Standing.Invalid))
        {
            var often = AnswerText.MostFrequent(report.Results)!;
            yield return new Banner("Every case is INVALID, so nothing is compared.", $"Most often: {often.Message}. {often.Advice}.");
        }
        if (report.Manifest.ServerMachine is { } other)
            yield return new Banner(
                "The servers ran on another machine.",
                $"{Words.Capital(other.Between)} lie between client and server: every latency includes them. "
                    + "Compare stacks of this run with each other, not with those of a run on one machine.");
        foreach (var model in report.Manifest.Models.Where(m => m.Weights == "seeded"))
        {
            yield return new Banner("Seeded weights.",
                $"{model.Name} was served with deterministic stand-in weights ({model.WeightsReason.TrimEnd('.')}). "
                    + "It costs the same to run as the trained model, so speeds hold; its answers mean nothing.");
        }
        foreach (var reused in report.Results.Reused)
        {
            yield return new Banner("Not all measured together.",
                $"{report.Title(reused.Contender)}: {Plural.Of(reused.Trials, "trial")} measured by the earlier run {reused.Run}, "
                    + $"{Words.AgeOf(reused, report.Manifest)}. "
                    + "Trials of different runs share no block, so they decide nothing between each other.");
        }
    }

    private static Prose Setting(ReportContext report)
    {
        var (run, machine) = (report.Results.Run, report.Manifest.Machine);
        var models = Words.List(report.Manifest.Models.Select(m => $"{m.Name} ({Words.Weights(m.Weights)})"));
        var where = report.Manifest.ServerMachine is { } other
            ? $"another machine ({other.Architecture}, {Plural.Of(other.LogicalCores, "core")})"
            : $"{machine.Cpu}, {Plural.Of(machine.LogicalCores, "core")}";
        return $"{Plural.Of(report.Stacks.Count, "serving stack")} served {models} on {where}: " +
            $"{Plural.Of(run.Trials, "trial")} each, every trial a fresh deployment, {Plural.Of(run.Requests, "request")} in all.";
    }

    private static BulletList Summary(ReportContext report) =>
        new([
            .. report.Results.Answers.Select(
                a => Text(
                    Strong($"{Words.Capital(a.Question)}, {AnswerText.Subject(report, a)}"), $": {AnswerText.Sentence(report, a)}"))]);

    private static Table Standings(ReportContext report, IReadOnlyList<Answer> answers)
    {
        var question = report.Questions.Get(answers[0].Question);
        var decides = question.NamesMetrics ? null : answers.Select(a => a.Metric).FirstOrDefault(m => m is not null);
        var usual = MetricCatalogue.Get(decides ?? question.Metrics[0]);
        var rows = new List<IReadOnlyList<Prose>>();
        foreach (var answer in answers)
        {
            var metric = answer.Metric is { } id ? MetricCatalogue.Get(id) : usual;
            var first = true;
            foreach (var side in answer.Standings)
            {
                var leads = first
                    && answer.Verdict is ComparisonVerdict.Better or ComparisonVerdict.Equivalent
                    && side == answer.Standings[0];
                var title = report.Title(side.Stack);
                var against = AnswerText.Against(report, answer, side);
                rows.Add(
                [
                    first ? Subject(report, answer) : Prose.Empty,
                    leads ? Text(Strong(title)) : title,
                    side.Median is null
                        ? Words.Nothing
                        : $"{(metric == usual && !question.NamesMetrics ? "" : $"{metric.Title} ")}{AnswerText.Value(side, metric.Unit)}",
                    side.Values.Count > 0 ? Words.Range(side.Values.Min(), side.Values.Max(), metric.Unit) : Words.Nothing,
                    side.Level is { } level ? AnswerText.LevelTitle(report, answer.Workload, answer.Scenario, level) : Words.Nothing,
                    leads ? Text(Strong(against)) : side.Median is null ? Text(Bad(against)) : against,
                ]);
                first = false;
            }
        }
        var value = question.ValueHeading(usual, report.Items);
        return new Table(
            [new("Workload"), report.StackColumn, new(value, true), new("Range", true), new("Load"), new("Against the best", Wide: true)],
            rows);
    }

    private static string Subject(ReportContext report, Answer answer) =>
        report.SeveralModels ? $"{answer.Workload}, {answer.Model}" : answer.Workload;

    private static IReadOnlyList<Prose> Legend(ReportContext report) =>
    [
        Text(
            Strong("best"),
            ": better than every other stack. The interval in brackets says by how many per cent the best is better; "
                + "it comes from differences within blocks (trials of a block shared the machine's state, the arrivals and the payloads), "
                + "and all intervals of a question hold at once with 95 % confidence, the choice of the best accounted for."),
        Text(
            Strong("more, longer"),
            $": the whole interval lies beyond the {Resolution.PracticalDifference} that matter in practice. "
                + "best has 30 % more: it does 1.3 times as much as the stack; 30 % longer: the stack takes 1.3 times as long."),
        Text(
            Strong("equivalent"),
            $": the whole interval lies within {Resolution.PracticalDifference}, so it makes no difference which is taken."),
        Text(Strong("undecided"), ": neither; what it would take to decide is given above."),
        Text(
            Strong("SATURATED"),
            ": the server could not do what was asked of it (it fell behind, failed beyond the allowance or was killed for memory). "
                + "It ranks below all that could, by the rate that it held."),
        Text(
            Strong("INVALID"),
            ": the client or the machine was at fault; the number is marked, explained under Verdicts, and never compared."),
        Text(
            Strong("median and range"),
            ": a number is the median over trials, the range goes from the smallest to the largest trial. "
                + "Neither decides: the ratio against the best does, and where medians lie the other way round, a sentence under the table "
                + "says so. "
                + "A stack that takes part twice is counted with all its trials here."),
        Text(Strong("p95"), ": 95 of 100 successful requests were answered within this time."),
    ];
}
