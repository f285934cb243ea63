using ServeBench.Domain.Models;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Runs.Ceilings;
using ServeBench.Runs.Storing;

namespace ServeBench.Runs.Stages;

/// <summary>Sweeps the raw runtime over batch sizes, for every workload and model of a run, unless that is known already.</summary>
internal static class SweepStage
{
    /// <returns>One for each workload and model; none where the kind of work has no raw runtime.</returns>
    public static IReadOnlyList<CeilingRecord> Run(RunSetup setup, PreparedModels models, CancellationToken cancellationToken)
    {
        if (!setup.Work.HasRawRuntime) return [];
        var pairs = setup.Pairs(models).ToArray();
        var missing = pairs.Count(p => Known(setup, p.Workload, p.Model) is null);
        using var step = missing == 0
            ? null
            : setup.Services.Observer.Begin("Measuring the raw runtime", missing * CeilingMeter.BatchSizes.Count * setup.Profile.Ceiling);
        using var held = missing == 0 ? null : MachineLock.Take();
        var records = new List<CeilingRecord>();
        foreach (var (workload, model) in pairs)
        {
            var record = Known(setup, workload, model);
            if (record is null)
            {
                step!.Report(null, workload.Name);
                record = setup.NewCeilingMeter().Measure(
                    workload,
                    model,
                    CeilingMeter.BatchSizes,
                    setup.Profile,
                    0,
                    Fingerprint(setup, workload, model),
                    setup.NewRunId,
                    cancellationToken);
                setup.Store.Keep(record);
            }
            records.Add(record);
        }
        return records;
    }

    /// <summary>Whether nothing is left to measure.</summary>
    public static bool IsKnown(RunSetup setup, PreparedModels models) =>
        !setup.Work.HasRawRuntime || setup.Pairs(models).All(p => Known(setup, p.Workload, p.Model) is not null);

    private static CeilingRecord? Known(RunSetup setup, Workload workload, ModelArtifact model) =>
        setup.Store.Ceiling(Fingerprint(setup, workload, model)) is { } known && setup.MayReuse(known.MeasuredByRun) ? known : null;

    private static string Fingerprint(RunSetup setup, Workload workload, ModelArtifact model) =>
        setup.Fingerprints.Ceiling(workload, model, setup.Profile, setup.Seeds, 0, null);
}
