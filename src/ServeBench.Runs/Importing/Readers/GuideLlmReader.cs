using ServeBench.Domain.Wording;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>The JSON report of <c>guidellm benchmark</c>: seconds; successful, failed and unfinished requests are apart in it.</summary>
internal sealed class GuideLlmReader : IImportReader
{
    public string Source => "GuideLLM, report";

    public string Made => "guidellm benchmark --output-path=FILE.json";

    public bool Recognises(ImportFile file) =>
        file.Document?.At("benchmarks") is { Count: > 0 } list && list.Items[0].At("metrics", "requests_per_second") is not null;

    public ImportedContent Read(ImportFile file)
    {
        var list = file.Document!.At("benchmarks")!;
        if (list.Count > 1)
            throw file.Bad(
                $"holds {list.Count} loads, and one is imported at a time",
                "Run guidellm with a single rate, or keep one of the benchmarks in the file");
        var one = list.Items[0];
        var latency = one.At("metrics", "request_latency", "successful");
        var totals = one.At("metrics", "request_totals")
            ?? one.At("request_totals")
            ?? one.At("scheduler_metrics", "requests_made")
            ?? one.At("run_stats", "requests_made");
        var good = totals?.CountAt("successful") ?? latency?.CountAt("count");
        var failures = totals?.CountAt("errored");
        if (good is null && failures is null) throw file.Bad("does not say how many requests it is about");
        if (good + (failures ?? 0) == 0) throw file.Bad("holds no requests", "Give the report of a run that has made some");
        var percentiles = new Dictionary<double, double>();
        if (good > 0 && latency is not null)
        {
            Keep(0.5, latency.NumberAt("median"));
            foreach (var (name, value) in latency.At("percentiles")?.Members ?? new Dictionary<string, JsonOutline>())
                if (name.StartsWith('p') && Quantity.Number($"0.{name.AsSpan(1)}") is > 0 and var share) Keep(share, value.Number);
        }
        var result = new ImportedSummary
        {
            Requests = good + (failures ?? 0),
            Failures = failures,
            RequestsPerSecond = one.NumberAt("metrics", "requests_per_second", "successful", "mean") is >= 0 and var rate ? rate : null,
            Samples = good,
            Service = percentiles.Count > 0 ? percentiles : null,
        };
        if (failures is null) result.Lacks(Figures.Failures, "the report does not count them");
        else if (failures > 0) result.Lacks(Figures.Kinds, "the report has their sum only");
        if (result.RequestsPerSecond is null) result.Lacks(Figures.Rate, "the report has none of successful requests");
        if (totals?.CountAt("incomplete") is > 0 and var unfinished)
            result.Remarks.Add($"not counted: {Plural.Of(unfinished, "request")} under way at the end");
        result.Remarks.Add("percentiles and rate were computed by GuideLLM, of requests that succeeded");
        return result;

        void Keep(double share, double? seconds)
        {
            if (seconds is { } value)
                percentiles[Math.Round(share, 6)] = Quantity.Nanoseconds(value, 1e9) / 1e9
                    ?? throw file.Bad("has a latency that cannot be");
        }
    }
}
