using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;

namespace ServeBench.Reports;

/// <summary>What the sections and charts of one report draw from.</summary>
public sealed class ReportContext
{
    private readonly Dictionary<string, string> _titles = [];

    public ReportContext(RunResults results, RunManifest manifest)
    {
        Results = results;
        Manifest = manifest;
        Stacks = [.. manifest.Contenders.Select(Compared).Distinct()];
        Items = manifest.Items ?? manifest.Group;
        foreach (var contender in manifest.Contenders)
        {
            // A title that two stacks share would not tell them apart; their names do.
            var unique = manifest.Contenders.All(c => c.Stack == contender.Stack || c.Title != contender.Title);
            var title = unique ? contender.Title : Compared(contender);
            _titles[contender.Label] = contender.IsTwin ? title + Domain.Plans.Contender.TwinSuffix : title;
            _titles[Compared(contender)] = title;
        }
    }

    public RunResults Results { get; }

    public RunManifest Manifest { get; }

    /// <summary>What is compared, in the manifest's order: names of stacks, with the track when that is not the default one.</summary>
    public IReadOnlyList<string> Stacks { get; }

    /// <summary>What one request holds, in the plural, as this group calls it.</summary>
    public string Items { get; }

    /// <summary>The metrics that tables draw from.</summary>
    public IReadOnlyList<IMetric> Metrics { get; init; } = MetricCatalogue.All;

    /// <summary>The questions that answers, tables and charts are about.</summary>
    public KnownQuestions Questions { get; init; } = KnownQuestions.OfProgram;

    /// <summary>The kinds of chart that may be drawn.</summary>
    public IReadOnlyList<IChart> Charts { get; init; } = ChartCatalogue.All;

    /// <summary>How people are shown a stack or a contender, by name or label.</summary>
    public string Title(string stackOrLabel) => _titles.GetValueOrDefault(stackOrLabel, stackOrLabel);

    /// <summary>As above, with the model where there are several.</summary>
    public string Title(ContenderResult contender) =>
        SeveralModels ? $"{Title(contender.Label)}, {contender.Model}" : Title(contender.Label);

    /// <summary>What of a contender is compared; its twin has the same.</summary>
    public static string Compared(ContenderRecord contender) => Track.Label(contender.Stack, contender.Track);

    /// <summary>True when cases differ in their model, so that it must be named beside every workload.</summary>
    public bool SeveralModels => Manifest.Models.Count > 1;

    /// <summary>What is known of a contender that ran already; null for one that was deployed for the run.</summary>
    public EndpointRecord? Endpoint(string label) => Manifest.Contenders.FirstOrDefault(c => c.Label == label)?.Endpoint;

    /// <summary>
    /// What must be said wherever there are figures: that weights were seeded, all of them or some. Null where every model was served with
    /// its published weights.
    /// </summary>
    public string? WeightsMark => Manifest.Models.Count(m => m.Weights == "seeded") is var seeded && seeded == 0 ? null
        : seeded == Manifest.Models.Count ? "seeded weights" : "some weights seeded";

    /// <summary>The heading over the names of stacks in a table.</summary>
    internal Content.Column StackColumn => new(WeightsMark is { } mark ? $"Stack ({mark})" : "Stack", Names: true);

    /// <summary>The workloads that have cases, with each model they were measured on, in the manifest's order.</summary>
    public IEnumerable<(WorkloadRecord Workload, ModelRecord Model)> Subjects =>
        from model in Manifest.Models
        from workload in Manifest.Workloads
        where Results.Cases.Any(c => c.Workload == workload.Name && c.Model == model.Name)
        select (workload, model);

    public IReadOnlyList<CaseResult> Cases(string workload, string model, string scenario) =>
        [.. Results.Cases.Where(c => c.Workload == workload && c.Model == model && c.Scenario == scenario)];
}
