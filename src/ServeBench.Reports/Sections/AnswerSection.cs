using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>What was asked, and who won, what is a tie and what is undecided.</summary>
internal sealed class AnswerSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        foreach (var banner in Banners(report)) yield return banner;
        yield return new Heading(2, "The answer", "answer", "Answer");
        yield return new Paragraph(Setting(report));
        if (report.Results.Answers.Count > 0) yield return new Paragraph(Summary(report));
        else if (report.Results.Cases.Count > 0 && report.Results.Cases.All(c => c.Question == Questions.Ramp))
            yield return new Paragraph("Nothing is compared: every load of this run is a ramp, which is no steady state. Under Workloads stands how latency followed it.");
        foreach (var question in report.Results.Answers.GroupBy(a => a.Question))
        {
            yield return new Paragraph(Text(Strong(Words.Question(question.Key, report.Items)), " ", Explanation(question.Key, report)));
            yield return Standings(report, [.. question]);
        }
        foreach (var chart in charts.Where(c => c.Place is { Workload: null, Detail: false })) yield return new Figure(chart);
        yield return new Details("How to read this", [new BulletList(Legend(report))]);
    }

    private static IEnumerable<Banner> Banners(ReportContext report)
    {
        if (!report.Results.Run.Quotable)
            yield return new Banner("Never quote these numbers.", $"The profile {report.Results.Run.Profile} proves that everything is wired up; it measures far too briefly to compare anything.");
        if (!report.Results.Run.Complete)
        {
            yield return new Banner("This run is not complete.",
                $"{report.Results.Run.MeasuredCases} of {report.Results.Run.PlannedCases} planned measurements are here. The same command goes on from there.");
        }
        if (report.Results.Cases.Count > 0 && report.Results.Cases.All(c => !c.Valid))
        {
            var often = AnswerText.MostFrequent(report.Results)!;
            yield return new Banner("Every case is INVALID, so nothing is compared.", $"Most often: {often.Message}. {often.Advice}.");
        }
        if (report.Manifest.ServerMachine is { } other)
            yield return new Banner("The servers ran on another machine.", $"{Words.Capital(other.Between)} lie between client and server: every latency includes them. Compare stacks of this run with each other, not with those of a run on one machine.");
        foreach (var model in report.Manifest.Models.Where(m => m.Weights == "seeded"))
        {
            yield return new Banner("Seeded weights.",
                $"{model.Name} was served with deterministic stand-in weights ({model.WeightsReason.TrimEnd('.')}). It costs the same to run as the trained model, so speeds hold; its answers mean nothing.");
        }
        foreach (var reused in report.Results.Reused)
        {
            yield return new Banner("Not all measured together.",
                $"{report.Title(reused.Contender)}: {Words.Count(reused.Trials, "trial")} measured by the earlier run {reused.Run}, not interleaved with the rest; the machine may have changed in between.");
        }
    }

    private static Prose Setting(ReportContext report)
    {
        var (run, machine) = (report.Results.Run, report.Manifest.Machine);
        var models = Words.List(report.Manifest.Models.Select(m => $"{m.Name} ({Words.Weights(m.Weights)})"));
        var where = report.Manifest.ServerMachine is { } other ? $"another machine ({other.Architecture}, {Words.Count(other.LogicalCores, "core")})" : $"{machine.Cpu}, {Words.Count(machine.LogicalCores, "core")}";
        return $"{Words.Count(report.Stacks.Count, "serving stack")} served {models} on {where}: " +
            $"{Words.Count(run.Trials, "trial")} each, every trial a fresh deployment, {Words.Count(run.Requests, "request")} in all.";
    }

    /// <summary>One sentence for each question and winner, then those without one.</summary>
    private static Prose Summary(ReportContext report)
    {
        var sentences = new List<Prose>();
        var answers = report.Results.Answers;
        foreach (var wins in answers.Where(a => a.Verdict == ComparisonVerdict.Winner).GroupBy(a => (Stack: a.Stacks[0], a.Question)))
        {
            var what = wins.Key.Question == Questions.Capacity ? $"serves more {report.Items} per second" : "answers sooner";
            var margins = wins.Select(a => $"{AnswerText.Margin(a, AnswerText.Pair(report, a)!)} on {AnswerText.Subject(report, a)}");
            sentences.Add(Text(Strong(report.Title(wins.Key.Stack)), $" {what}: {Words.List(margins)}."));
        }
        Add(ComparisonVerdict.Tie, "A tie");
        Add(ComparisonVerdict.TooFewTrials, "Too few trials to decide");
        Add(ComparisonVerdict.NotCompared, "Not compared");
        return new Prose([.. sentences.SelectMany((s, i) => i == 0 ? s.Spans : [" ", .. s.Spans])]);

        void Add(ComparisonVerdict verdict, string opening)
        {
            foreach (var question in answers.Where(a => a.Verdict == verdict).GroupBy(a => a.Question))
                sentences.Add($"{opening}: {question.Key} on {Words.List(question.Select(a => AnswerText.Subject(report, a)))}.");
        }
    }

    private static Span Explanation(string question, ReportContext report) => question == Questions.Capacity
        ? $"A fixed number of requests is kept in flight (a closed loop); each stack stands at the level that suits it best."
        : $"Requests arrive on a schedule that does not wait for answers (an open loop), the same for every stack; latency counts from when a request was due.";

    private static Table Standings(ReportContext report, IReadOnlyList<Answer> answers)
    {
        var metric = MetricCatalogue.Get(answers[0].Question == Questions.Capacity ? ItemThroughput.MetricId : LatencyP95.MetricId);
        var capacity = answers[0].Question == Questions.Capacity;
        var value = capacity ? Words.Heading(metric, report.Items) : "Latency (ms)";
        var rows = new List<IReadOnlyList<Prose>>();
        foreach (var answer in answers)
        {
            var first = true;
            foreach (var side in answer.Standings)
            {
                var leads = answer.Verdict == ComparisonVerdict.Winner && answer.Stacks.Contains(side.Stack);
                var title = report.Title(side.Stack);
                var percentile = capacity || answer.Metric is null ? "" : $"{MetricCatalogue.Get(answer.Metric).Title} ";
                rows.Add(
                [
                    first ? Subject(report, answer) : Prose.Empty,
                    leads ? Text(Strong(title)) : title,
                    side.Median is { } median ? $"{percentile}{NumberText.Shown(metric.Unit, median)}" : AnswerText.IsInvalid(side) ? Text(Bad("INVALID")) : Words.Nothing,
                    side.Values.Count > 0 ? Words.Range(side.Values.Min(), side.Values.Max(), metric.Unit) : Words.Nothing,
                    side.Level is { } level ? AnswerText.LevelTitle(report, answer.Workload, answer.Scenario, level) : Words.Nothing,
                    first ? Verdict(report, answer) : Prose.Empty,
                ]);
                first = false;
            }
        }
        return new Table([new("Workload"), report.StackColumn, new(value, true), new("Range", true), new("Load"), new("Answer", Wide: true)], rows);
    }

    private static string Subject(ReportContext report, Answer answer) => report.SeveralModels ? $"{answer.Workload}, {answer.Model}" : answer.Workload;

    private static Prose Verdict(ReportContext report, Answer answer)
    {
        var text = AnswerText.Verdict(report, answer);
        if (AnswerText.Pair(report, answer)?.AdjustedP is { } p && answer.Verdict != ComparisonVerdict.TooFewTrials) text += $", p = {NumberText.Significant(p, 2)}";
        if (AnswerText.Comparisons(report, answer).Any(c => !c.Interleaved)) text += "; not interleaved";
        if (answer.Verdict == ComparisonVerdict.NotCompared && answer.Standings.Count > 1) text += $": {Absence(report, answer)}";
        return answer.Verdict == ComparisonVerdict.Winner ? Text(Strong(text)) : text;
    }

    /// <summary>Why stacks could not stand; said once when it is the same for all.</summary>
    private static string Absence(ReportContext report, Answer answer)
    {
        var absent = answer.Standings.Where(s => s.Absence is not null).ToArray();
        return absent.Length == answer.Standings.Count && absent.Select(s => s.Absence).Distinct().Count() == 1
            ? absent[0].Absence!
            : string.Join("; ", absent.Select(s => $"{report.Title(s.Stack)}: {s.Absence}"));
    }

    private static IReadOnlyList<Prose> Legend(ReportContext report) =>
    [
        Text(Strong("winner"), ": better in an exact Mann-Whitney test over trials (5 % level, Holm-corrected over all comparisons that answer the same question; p is the corrected value), and by more than 5 % or the ", Strong("noise floor"), ", whichever is larger. The noise floor is how far the same stack differs from itself when it takes part twice."),
        Text(Strong("30 % more, 30 % faster"), ": the larger median is 1.3 times the smaller; for latency, the other takes 1.3 times as long."),
        Text(Strong("tie"), ": there were enough trials to decide and they show no such difference."),
        Text(Strong("too few trials to decide"), ": even if every trial of one stack beat every trial of the other, chance could not be ruled out. Repeat with more trials."),
        Text(Strong("median and range"), ": a number is the median over trials, the range goes from the smallest to the largest trial. A stack that takes part twice is counted with all its trials here."),
        Text(Strong("p95"), ": 95 of 100 successful requests were answered within this time."),
        Text(Strong("INVALID"), ": the number does not show what it claims to show; it is marked, explained under Verdicts, and never compared."),
    ];
}
