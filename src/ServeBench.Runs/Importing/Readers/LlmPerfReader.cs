namespace ServeBench.Runs.Importing.Readers;

/// <summary>LLMPerf's token_benchmark_ray.py, the file that ends in _summary.json: seconds, of requests that succeeded.</summary>
internal sealed class LlmPerfReader : IImportReader
{
    private const string Quantiles = "results_end_to_end_latency_s_quantiles_p";

    public string Source => "LLMPerf, summary";

    public string Made => "LLMPerf's token_benchmark_ray.py --results-dir, the file that ends in _summary.json";

    public bool Recognises(ImportFile file) => file.Document?.At("results_num_completed_requests") is not null;

    public ImportedContent Read(ImportFile file)
    {
        var document = file.Document!;
        var good = document.CountAt("results_num_completed_requests") ?? throw file.Bad("does not say how many requests were completed");
        var failures = document.CountAt("results_number_errors");
        if (good + (failures ?? 0) == 0) throw file.Bad("holds no requests", "Give the summary of a run that has made some");
        var percentiles = new Dictionary<double, double>();
        foreach (var (name, value) in document.Members)
        {
            if (!name.StartsWith(Quantiles, StringComparison.Ordinal)
                || Quantity.Number(name.AsSpan(Quantiles.Length)) is not (> 0 and < 100 and var share)
                || value.Number is not { } seconds)
                continue;
            percentiles[Math.Round(share / 100, 6)] = Quantity.Nanoseconds(seconds, 1e9) / 1e9
                ?? throw file.Bad($"has a latency that cannot be: {name}");
        }
        var result = new ImportedSummary
        {
            Requests = good + (failures ?? 0),
            Failures = failures,
            RequestsPerSecond = document.NumberAt("results_num_completed_requests_per_min") / 60,
            Samples = good,
            Service = percentiles.Count > 0 ? percentiles : null,
        };
        if (failures is null) result.Lacks(Figures.Failures, "the summary does not count them");
        else if (failures > 0) result.Lacks(Figures.Kinds, "the summary has their sum only");
        if (result.RequestsPerSecond is null) result.Lacks(Figures.Rate, "the summary has no results_num_completed_requests_per_min");
        result.Remarks.Add("percentiles and rate were computed by LLMPerf, of requests that succeeded");
        return result;
    }
}
