using ServeBench.Domain.Faults;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Reports.Comparing;

/// <summary>A run compared with an earlier one: what became of every stack on every question, and what else is different.</summary>
/// <param name="Changes">One for each stack, question and workload that either run has.</param>
/// <param name="Differences">What changed in between.</param>
/// <param name="Allowed">In what the runs are not alike, and were compared all the same because the user said so.</param>
public sealed record RunDiff(
    ComparedRun Baseline,
    ComparedRun Candidate,
    IReadOnlyList<RunChange> Changes,
    IReadOnlyList<Difference> Differences,
    IReadOnlyList<FacetDifference> Allowed)
{
    /// <summary>
    /// Rates that follow the raw runtime differ a little between runs; latencies at rates further apart answer different
    /// questions.
    /// </summary>
    private const double LikeRates = 1.05;

    /// <param name="allowed">Names of facets in which the runs may differ.</param>
    /// <exception cref="FaultException">when the runs cannot be compared; names every difference with both values.</exception>
    public static RunDiff Of(ComparedRun baseline, ComparedRun candidate, IReadOnlyCollection<string> allowed)
    {
        FacetDifference[] unlike = [.. Facet.All.SelectMany(f => f.Differences(baseline, candidate))];
        var faults = new FaultList();
        if (baseline.Id == candidate.Id)
            faults.Add(new Fault("--baseline", null, null, $"{baseline.Id} is the run that is to be compared with it", "Name another run"));
        foreach (var d in unlike.Where(d => !allowed.Contains(d.Facet)))
            faults.Add(new Fault("--baseline", null, null,
                $"{d.Subject} differs: {d.Baseline} in {baseline.Id}, {d.Candidate} in {candidate.Id}",
                $"Compare runs that are alike in it, or say --allow={d.Facet}"));
        faults.ThrowIfAny();
        var changes = RunComparison.Of(Renamed(baseline, candidate), candidate.Results.Cases);
        if (changes.All(c => c.Reason == RunComparison.NotInCandidate || c.Baseline is null && c.Reason == RunComparison.NotInBaseline))
            throw new FaultException(new Fault("--baseline", null, null,
                $"{baseline.Id} and {candidate.Id} have no stack, question and workload in common", "Name a run of the same group"));
        return new RunDiff(
            baseline,
            candidate,
            [.. changes.Select(c => Checked(baseline, candidate, c))],
            Comparing.Differences.Of(baseline, candidate),
            unlike);
    }

    public IEnumerable<RunChange> Regressions => Changes.Where(c => c.Verdict == ChangeVerdict.Regression);

    /// <summary>Cases of the candidate that say nothing, and those that are SATURATED now and were not before.</summary>
    public IReadOnlyList<CaseResult> Invalid =>
    [
        .. from c in Candidate.Results.Cases
           where c.Standing == Standing.Invalid
               || (c.Standing == Standing.Saturated && !Baseline.Results.Cases.Any(b => SameCase(b, c) && b.Standing == Standing.Saturated))
           select c,
    ];

    /// <summary>Trials of the candidate that were measured by the baseline and reused: they cannot show any change.</summary>
    public int Shared => Candidate.Results.Cases.SelectMany(c => c.Trials)
        .Count(
            t => Baseline.Results.Cases.Any(
                c => c.Trials.Any(b => b.MeasuredByRun == t.MeasuredByRun && b.DeploymentId == t.DeploymentId)));

    private static bool SameCase(CaseResult a, CaseResult b) =>
        (a.Contender, a.Workload, a.Model, a.Scenario, a.Level) == (b.Contender, b.Workload, b.Model, b.Scenario, b.Level);

    /// <summary>Where another host was allowed, its cases are to meet: the host is part of what is asked.</summary>
    private static IReadOnlyList<CaseResult> Renamed(ComparedRun baseline, ComparedRun candidate)
    {
        string[] hosts = [.. candidate.Results.Cases.Select(c => c.Host).Distinct()];
        return hosts.Length == 1 ? [.. baseline.Results.Cases.Select(c => c with { Host = hosts[0] })] : baseline.Results.Cases;
    }

    private static RunChange Checked(ComparedRun baseline, ComparedRun candidate, RunChange change)
    {
        if (Failed(baseline, candidate, change) is { } failure)
            return change with
            {
                Verdict = ChangeVerdict.Regression,
                Reason = $"the baseline measured it, and now its deployment failed: {failure}"
            };
        if (!KnownQuestions.OfProgram.Get(change.Question).IsAtOneLoad || change.Verdict == ChangeVerdict.NotCompared) return change;
        if (Rate(baseline, change) is not { } was || Rate(candidate, change) is not { } now) return change;
        var apart = Math.Max(was, now) / Math.Min(was, now);
        if (apart <= 1.001) return change;
        var rates = $"asked at {NumberText.Significant(was)} requests/s then and at {NumberText.Significant(now)} now";
        return apart <= LikeRates ? change with { Reason = $"{change.Reason}; {rates}" }
            : change with { Verdict = ChangeVerdict.NotCompared, Ratio = null, Low = null, High = null, Reason = rates };
    }

    private static double? Rate(ComparedRun run, RunChange of) =>
        run.Results.Cases.FirstOrDefault(
            c => (c.Workload, c.Model, c.Scenario, c.Level) == (of.Workload, of.Model, of.Scenario, of.Level))?.RatePerSecond;

    /// <summary>Why a stack that the baseline has a value for has none now, where its own deployments are the reason.</summary>
    private static string? Failed(ComparedRun baseline, ComparedRun candidate, RunChange change)
    {
        if (change is not { Verdict: ChangeVerdict.NotCompared, Baseline: not null, Candidate: null }) return null;
        var now = candidate.Results.Contenders
            .Where(c => c.Stack == change.Stack && c.Model == change.Model)
            .SelectMany(c => c.Deployments)
            .ToArray();
        return now
            .Select(d => d.Failure ?? (d.Parity is { Passed: false } parity ? $"wrong answers, {parity.Detail}" : null))
            .OfType<string>()
            .FirstOrDefault();
    }
}
