using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Evaluation;

/// <summary>Puts the deployments of each contender with each model together.</summary>
internal static class ContenderAssembly
{
    public static IReadOnlyList<ContenderResult> Of(
        RunManifest manifest, IReadOnlyList<DeploymentRecord> deployments, IReadOnlyList<MeasuredTrial> measured) =>
    [
        .. from contender in manifest.Contenders
           from model in manifest.Models
           select Contender(
               contender,
               model.Name,
               [.. deployments
                   .Where(d => d.Contender == contender.Label && d.Model == model.Name)
                   .OrderBy(d => d.Trial)
                   .ThenBy(d => d.StartedUtc)],
               measured),
    ];

    private static ContenderResult Contender(
        ContenderRecord record, string model, IReadOnlyList<DeploymentRecord> deployments, IReadOnlyList<MeasuredTrial> measured) => new()
    {
        Label = record.Label,
        Stack = Track.Label(record.Stack, record.Track),
        IsTwin = record.IsTwin,
        Model = model,
        Title = record.Title,
        Track = record.Track,
        TrackSummary = record.TrackSummary,
        Precision = record.Precision,
        Complexity = record.Complexity,
        ComplexityWhy = record.ComplexityWhy,
        Image = record.Image,
        Metrics = new SortedDictionary<string, MetricResult>(
            MetricCatalogue.OfDeployments.ToDictionary(m => m.Id, m => Summarise(m, [.. deployments.SelectMany(EveryStart)])),
            StringComparer.Ordinal),
        Deployments = [.. deployments.Select(d => Deployment(d, measured))],
    };

    /// <summary>A deployment, and each further cold start that was made beside it as if it were one.</summary>
    private static IEnumerable<DeploymentRecord> EveryStart(DeploymentRecord of) =>
        (of.FurtherColdStarts ?? []).Select(s => of with { ColdStart = s, ColdStartSeconds = s.Seconds }).Prepend(of);

    /// <summary>Over the deployments that have a value; those that failed are listed with their reasons.</summary>
    private static MetricResult Summarise(IDeploymentMetric metric, IReadOnlyList<DeploymentRecord> deployments)
    {
        var measured = deployments.Select(metric.Measure).ToArray();
        double[] values = [.. measured.Where(m => m.Value is not null).Select(m => m.Value!.Value)];
        if (values.Length > 0) return MetricResult.Of(values);
        return MetricResult.Not(measured.Length > 0 ? measured[0].Reason! : "it has not been deployed");
    }

    private static DeploymentResult Deployment(DeploymentRecord d, IReadOnlyList<MeasuredTrial> measured) =>
        new(d.Id, d.Trial, d.Model, d.Host, d.MeasuredByRun, Rounded.Of(d.ColdStartSeconds), Parity(d), d.Command, d.Cpus, d.Failure)
        {
            FailedColdStarts = d.FailedColdStarts,
            Runtime = d.Runtime,
            Isolation = d.Isolation,
            TouchedBytes = d.TouchedBytes,
            Processes = measured.Select(m => m.Record).Where(r => r.DeploymentId == d.Id).MaxBy(r => r.StartedUtc)?.Processes,
            Stop = d.Stop,
        };

    /// <summary>The answers themselves stay in the deployment's record.</summary>
    private static ParityRecord? Parity(DeploymentRecord d) => d.Parity is { } parity ? parity with { Answers = null } : null;
}
