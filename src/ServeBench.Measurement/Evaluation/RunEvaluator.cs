using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Attribution;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Drivers;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Evaluation;

/// <summary>Computes everything that a report shows from the folder of a run, holding the samples of one trial at a time.</summary>
public static class RunEvaluator
{
    /// <param name="folder">The run's.</param>
    /// <param name="cancellation">Ends it between trials.</param>
    /// <exception cref="Domain.Faults.RunFailedException">when a file of the folder is damaged; names the file and the remedy.</exception>
    public static RunResults Evaluate(RunFolder folder, CancellationToken cancellation = default) =>
        Evaluate(folder, Criteria.OfProgram, cancellation);

    /// <inheritdoc cref="Evaluate(RunFolder, CancellationToken)"/>
    /// <param name="folder">The run's.</param>
    /// <param name="criteria">By what it is judged.</param>
    /// <param name="cancellation">Ends it between trials.</param>
    public static RunResults Evaluate(RunFolder folder, Criteria criteria, CancellationToken cancellation)
    {
        var manifest = folder.ReadManifest();
        var calibration = folder.ReadCalibration();
        var ceilings = CeilingBook.Of(folder.ReadCeilings(), manifest.Id);
        var deployments = folder.ReadDeployments();
        var trials = new TrialReader(folder, [calibration, folder.ReadSecondCalibration()], ceilings, criteria.Rules);
        var read = new List<MeasuredTrial>();
        var missing = new List<PlannedTrial>();
        foreach (var planned in manifest.Trials)
        {
            cancellation.ThrowIfCancellationRequested();
            if (trials.Read(planned) is { } trial) read.Add(trial);
            else missing.Add(planned);
        }
        // What the second driver measured is kept beside the run, and decides nothing in it.
        MeasuredTrial[] measured = [.. read.Where(t => !t.Record.Case.IsDriverCheck)];
        var cases = CaseAssembly.Of(measured, manifest, deployments);
        var comparisons = ComparisonSet.Of(cases, manifest.Raced, criteria.Questions);
        return new RunResults
        {
            Run = Summary(manifest, read),
            Answers = comparisons.Answers,
            Comparisons = comparisons.Comparisons,
            NoiseFloors = comparisons.Floors,
            Contenders = ContenderAssembly.Of(manifest, deployments, measured),
            ParityPairs = ParityPairs.Of(manifest, deployments),
            Cases = cases,
            DriverAgreements = DriverAgreements.Of(measured, [.. read.Where(t => t.Record.Case.IsDriverCheck)]) is { Count: > 0 } agreements
                ? agreements
                : null,
            Times = TimeSplits.Of(measured, cases, ceilings.Results) is { Count: > 0 } times ? times : null,
            Ceilings = ceilings.Results,
            Calibration = calibration,
            Reused = Reused(manifest, measured),
            Starts = Starts(read) is { Count: > 0 } starts ? starts : null,
            Imported = folder.ReadImported() is { Count: > 0 } imported ? imported : null,
            NotMeasured = [.. manifest.NotMeasured, .. Absences.Of(missing, deployments)],
            Metrics = [
                .. MetricCatalogue.All.Select(
                    m => new MetricDefinition(m.Id, m.Title, m.Unit.Stored, m.Better.ToString().ToLowerInvariant(), m.Formula, m.Source))],
        };
    }

    private static RunSummary Summary(RunManifest manifest, List<MeasuredTrial> measured) => new(
        manifest.Id,
        manifest.Group,
        manifest.StartedUtc,
        Finished(manifest, measured),
        manifest.Profile.Name,
        manifest.Profile.Quotable,
        manifest.Profile.Trials,
        Finished(manifest, measured) is not null,
        manifest.Trials.Count,
        measured.Count,
        measured.Sum(m => (long)m.Record.SampleCount),
        [.. manifest.Models.Select(m => m.Weights).Distinct()]);

    /// <summary>
    /// When the last trial ended; null while one is missing. A run that was stopped between its last trial and its end lacks nothing, but
    /// for a race, which may still grow.
    /// </summary>
    private static DateTimeOffset? Finished(RunManifest manifest, List<MeasuredTrial> measured)
    {
        if (measured.Count < manifest.Trials.Count || measured.Count == 0) return null;
        if (manifest.FinishedUtc is not null || manifest.Raced) return manifest.FinishedUtc;
        return measured.Max(m => m.Record.StartedUtc.AddSeconds(m.Record.WarmUp.Seconds + m.Record.WindowSeconds));
    }

    private static IReadOnlyList<ReusedResult> Reused(RunManifest manifest, IReadOnlyList<MeasuredTrial> measured) =>
    [
        .. from trial in measured
           where trial.Record.MeasuredByRun != manifest.Id
           group trial by (trial.Record.Case.Contender, trial.Record.MeasuredByRun) into reused
           select new ReusedResult(
               reused.Key.Contender,
               reused.Key.MeasuredByRun,
               reused.Select(t => t.Record.Case.Trial).Distinct().Count(),
               reused.Min(t => t.Record.StartedUtc),
               reused.Max(t => t.Record.StartedUtc)),
    ];

    private static IReadOnlyList<MeasuringStart> Starts(IReadOnlyList<MeasuredTrial> measured) =>
    [
        .. from trial in measured
           where trial.Record.Conditions is not null
           group trial by (trial.Record.Conditions!.ReadUtc, trial.Record.MeasuredByRun) into start
           orderby start.Key.ReadUtc
           select new MeasuringStart(start.First().Record.Conditions!, start.Key.MeasuredByRun, start.Count()),
    ];
}
