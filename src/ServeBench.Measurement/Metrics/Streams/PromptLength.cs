using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>How long prompts were.</summary>
public sealed class PromptLength : ITrialMetric
{
    public const string MetricId = "prompt-length";

    public string Id => MetricId;

    public string Title => "Tokens in";

    public Better Better => Better.Neither;

    public MetricUnit Unit => MetricUnit.Ratio;

    public string Formula => "mean tokens of the prompts of the requests that were sent, as the model itself cuts texts";

    public string Source => "method.md, rule 6: the same work";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Resources, 1)];

    public bool AppliesTo(LoadRecord load) => load.MeanPromptTokens is not null;

    public Measured Measure(TrialFacts trial) =>
        Measured.OfOptional(trial.Record.Load.MeanPromptTokens, "the tokens of its requests were not counted");
}
