using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Evaluation;

/// <summary>Puts the trials of each case together.</summary>
internal static class CaseAssembly
{
    /// <returns>In the manifest's order of workloads, scenarios, levels and contenders.</returns>
    public static IReadOnlyList<CaseResult> Of(
        IReadOnlyList<MeasuredTrial> trials, RunManifest manifest, IReadOnlyList<DeploymentRecord> deployments)
    {
        var places = new CasePlaces(manifest);
        var sweeps = trials.ToLookup(t => t.Record.Case with { Level = "" });
        return
        [
            .. trials.GroupBy(t => t.Record.Case with { Trial = 0 })
                .OrderBy(g => places.Of(g.Key))
                .Select(g => Case([.. g.OrderBy(t => t.Record.Case.Trial)], sweeps, places))
                .Select(
                    c => ParityFailure.Of(c, deployments) is { } failure
                        ? c with { Standing = Standing.Invalid, Findings = [failure, .. c.Findings] }
                        : c),
        ];
    }

    private static CaseResult Case(IReadOnlyList<MeasuredTrial> trials, ILookup<CaseRecord, MeasuredTrial> sweeps, CasePlaces places)
    {
        var values = trials
            .Select(t => WithSweep(t, [.. sweeps[t.Record.Case with { Level = "" }].Select(s => s.SweepPoint).OfType<SweepPoint>()]))
            .ToArray();
        var (of, load) = (trials[0].Record.Case, trials[0].Record.Load);
        // A spoiled trial costs that trial only; where all are, what they would have shown is still there to see, marked.
        int[] counting = [.. Enumerable.Range(0, trials.Count).Where(i => trials[i].Spoiled is null)];
        int[] summarised = counting.Length > 0 ? counting : [.. Enumerable.Range(0, trials.Count)];
        var metrics = Summarise([.. summarised.Select(i => values[i])]);
        double[] held = [.. counting.Select(i => trials[i].RateHeld).OfType<double>()];
        return new CaseResult
        {
            Contender = of.Contender,
            Stack = Track.Label(of.Stack, of.Track),
            IsTwin = of.IsTwin,
            Workload = of.Workload,
            Scenario = of.Scenario,
            Question = of.Question,
            Level = of.Level,
            LevelTitle = places.LevelTitle(of),
            Model = of.Model,
            Weights = of.Weights,
            Precision = of.Precision,
            Host = of.Host,
            Protocol = of.Protocol,
            Loop = load.Loop,
            Concurrency = load.Concurrency,
            RatePerSecond = load.Search is null ? load.RatePerSecond : null,
            ItemsPerRequest = load.ItemsPerRequest,
            Standing = CaseStanding.Of([.. trials.Select(t => t.Standing)]),
            Settled = summarised.Count(i => trials[i].Record.WarmUp.Settled) * 2 > summarised.Length,
            RateHeld = held.Length > 0 ? Rounded.Of(Spread.MedianOf(held)) : null,
            Findings = Group(trials),
            Metrics = metrics,
            Trials = [.. trials.Zip(values, Trial)],
            Timeline = Timeline([.. summarised.Select(i => trials[i])], metrics),
            Streams = Nearest([.. summarised.Select(i => trials[i])], metrics).Streams,
            Stages = load.Ramp is null
                ? null
                : [.. Enumerable.Range(0, trials[0].Stages.Count).Select(i => StageResult.Of([.. trials.Select(t => t.Stages[i])]))],
        };
    }

    private static SortedDictionary<string, Measured> WithSweep(MeasuredTrial trial, IReadOnlyList<SweepPoint> sweep)
    {
        var values = new SortedDictionary<string, Measured>(StringComparer.Ordinal);
        foreach (var (id, value) in trial.Values) values.Add(id, value);
        if (trial.SweepPoint is { } point)
        {
            foreach (var metric in MetricCatalogue.OfSweeps.Where(m => m.AppliesTo(trial.Record.Load)))
                values.Add(metric.Id, metric.Measure(point, sweep));
        }
        return values;
    }

    private static SortedDictionary<string, MetricResult> Summarise(SortedDictionary<string, Measured>[] values)
    {
        var metrics = new SortedDictionary<string, MetricResult>(StringComparer.Ordinal);
        foreach (var id in values[0].Keys)
        {
            var lacking = Enumerable.Range(0, values.Length).Where(i => values[i][id].Value is null).ToArray();
            metrics[id] = lacking.Length == 0
                ? MetricResult.Of([.. values.Select(v => v[id].Value!.Value)]) with
                {
                    Low = values.All(v => v[id].Interval is not null)
                        ? Rounded.Of(Spread.MedianOf(values.Select(v => v[id].Interval!.Value.Low)))
                        : null,
                    High = values.All(v => v[id].Interval is not null)
                        ? Rounded.Of(Spread.MedianOf(values.Select(v => v[id].Interval!.Value.High)))
                        : null,
                }
                : MetricResult.Not(
                    (lacking.Length < values.Length ? $"in {lacking.Length} of {Plural.Of(values.Length, "trial")}: " : "")
                        + values[lacking[0]][id].Reason);
        }
        return metrics;
    }

    private static IReadOnlyList<CaseFinding> Group(IReadOnlyList<MeasuredTrial> trials) =>
    [
        .. from trial in trials
           from finding in trial.Findings
           group (trial.Record.Case.Trial, Finding: finding) by (finding.Rule, finding.Severity) into same
           orderby same.Key.Severity descending, same.Key.Rule
           let first = same.First().Finding
           select new CaseFinding(same.Key.Rule, same.Key.Severity, [.. same.Select(s => s.Trial)], first.Message, first.Advice),
    ];

    private static TrialResult Trial(MeasuredTrial trial, SortedDictionary<string, Measured> values)
    {
        var measured = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (id, value) in values.Where(v => v.Value.Value is not null)) measured.Add(id, Rounded.Of(value.Value!.Value));
        return new TrialResult
        {
            Trial = trial.Record.Case.Trial,
            Standing = trial.Standing,
            Spoiled = trial.Spoiled,
            RateHeld = Rounded.Of(trial.RateHeld),
            AtLeast = trial.Record.Load.Search?.IsAtLeast,
            MeasuredByRun = trial.Record.MeasuredByRun,
            DeploymentId = trial.Record.DeploymentId,
            StartedUtc = trial.Record.StartedUtc,
            WindowSeconds = Rounded.Of(trial.Record.WindowSeconds),
            Requests = trial.Record.SampleCount,
            Outcomes = trial.Outcomes,
            FailureLatencies = trial.FailureLatencies.Count == 0
                ? null
                : trial.FailureLatencies.ToDictionary(
                    l => l.Key,
                    l => new OutcomeLatency(Rounded.Of(l.Value.MedianSeconds), Rounded.Of(l.Value.LongestSeconds))),
            Connections = trial.Record.Connections,
            AnswersChecked = trial.Record.Checks.Checked,
            AnswersWrong = trial.Record.Checks.Wrong,
            WarmUpSettled = trial.Record.WarmUp.Settled,
            WarmUpSeconds = Rounded.Of(trial.Record.WarmUp.Seconds),
            Values = measured,
            Announced = trial.Record.Announced?.Select(a => a with { Value = Rounded.Of(a.Value) }).ToArray(),
            Findings = trial.Findings,
        };
    }

    /// <summary>The trial whose throughput (closed loop) or median latency (open loop) is nearest to the median over trials.</summary>
    private static MeasuredTrial Nearest(IReadOnlyList<MeasuredTrial> trials, SortedDictionary<string, MetricResult> metrics)
    {
        var metric = !trials[0].Record.Load.Shape.IsOpen || metrics[LatencyPercentile.P50].Median is null
            ? ItemThroughput.MetricId
            : LatencyPercentile.P50;
        return trials.MinBy(t => Math.Abs(t.Values[metric].Value!.Value - metrics[metric].Median!.Value))!;
    }

    private static TimelineResult Timeline(IReadOnlyList<MeasuredTrial> trials, SortedDictionary<string, MetricResult> metrics)
    {
        var nearest = Nearest(trials, metrics);
        var parts = nearest.Timeline.Select(p => new TimelinePart(
            Rounded.Of(p.StartSeconds), Rounded.Of(p.SuccessesPerSecond), Rounded.Of(p.P50Seconds), Rounded.Of(p.P95Seconds)));
        return new TimelineResult(nearest.Record.Case.Trial, Rounded.Of(nearest.Record.WindowSeconds / nearest.Timeline.Count), [.. parts]);
    }
}
