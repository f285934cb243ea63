namespace ServeBench.Measurement.Metrics;

/// <summary>CPU time of the driver's own threads per request: what measuring costs.</summary>
public sealed class ClientCpuPerRequest : ITrialMetric
{
    public const string MetricId = "client-cpu-per-request";

    public string Id => MetricId;

    public string Title => "Client CPU per request";

    public Better Better => Better.Lower;

    public MetricUnit Unit => new MetricUnit("s", "us", 1e6);

    public string Formula => "CPU-seconds of the driver's threads / requests";

    public string Source => "method.md, rule 3: the client is measured, too";

    public Measured Measure(TrialFacts trial)
    {
        if (trial.Samples.Count == 0) return Measured.Not("no request was made");
        return Measured.OfOptional(trial.Record.Client.CpuSeconds / trial.Samples.Count, "the CPU time of the driver was not read");
    }
}
