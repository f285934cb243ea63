using System.Globalization;
using System.Text.Json;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>The JSON export of AIPerf (profile_export_aiperf.json) and of GenAI-Perf before it: each metric with its unit.</summary>
internal sealed class AiPerfSummaryReader : IImportReader
{
    public string Source => "AIPerf, export";

    public string Made => "aiperf profile or genai-perf profile, the file profile_export_*.json";

    public bool Recognises(ImportFile file) => file.Document?.At("request_latency", "unit") is not null;

    public ImportedContent Read(ImportFile file)
    {
        var document = file.Document!;
        var latency = document.At("request_latency")!;
        double unit = Unit(latency, file);
        var percentiles = new Dictionary<double, double>();
        foreach (var (name, value) in latency.Members)
        {
            if (!name.StartsWith('p')
                || Quantity.Number(name.AsSpan(1)) is not (> 0 and < 100 and var share)
                || value.Number is not { } number)
                continue;
            percentiles[Math.Round(share / 100, 6)] = Quantity.Nanoseconds(number, unit) / 1e9
                ?? throw file.Bad($"has a latency that cannot be: {number.ToString(CultureInfo.InvariantCulture)}");
        }
        var good = document.CountAt("request_count", "avg");
        var (kinds, failures) =
            (new SortedDictionary<string, long>(StringComparer.Ordinal), document.CountAt("error_request_count", "avg"));
        if (document.At("error_summary") is { } errors)
        {
            foreach (var error in errors.Items)
            {
                var kind = error.CountAt("error_details", "code") is { } code and >= 100 and < 1000 ? FailureKind.OfStatus((int)code)
                    : FailureKind.OfError($"{error.At("error_details", "type")?.Text} {error.At("error_details", "message")?.Text}");
                kinds[kind] = kinds.GetValueOrDefault(kind) + (error.CountAt("count") ?? 0);
            }
            if (errors.Count == errors.Items.Count) failures ??= kinds.Values.Sum();
        }
        if (good == 0 && failures is null or 0) throw file.Bad("holds no requests", "Give the export of a run that has made some");
        var result = new ImportedSummary
        {
            Requests = good + (failures ?? 0),
            Failures = failures,
            Kinds = kinds.Count > 0 ? kinds : null,
            RequestsPerSecond = document.NumberAt("request_throughput", "avg") is >= 0 and var rate ? rate : null,
            Samples = good,
            Service = percentiles.Count > 0 ? percentiles : null,
        };
        if (good is null) result.Lacks(Figures.Requests, "the export has no request_count");
        if (failures is null) result.Lacks(Figures.Failures, "the export counts successful requests only");
        if (result.RequestsPerSecond is null) result.Lacks(Figures.Rate, "the export has no request_throughput");
        result.Remarks.Add("percentiles and rate were computed by the tool, of requests that succeeded");
        return result;
    }

    private static double Unit(JsonOutline metric, ImportFile file) => metric.At("unit")?.Text switch
    {
        "ns" or "nanoseconds" => 1,
        "us" or "microseconds" => 1e3,
        "ms" or "milliseconds" => 1e6,
        "s" or "sec" or "seconds" => 1e9,
        _ => throw file.Bad("does not say in which unit its latencies are"),
    };
}

/// <summary>AIPerf's requests one by one (profile_export.jsonl): nanoseconds, with the warm-up's marked.</summary>
internal sealed class AiPerfRecordsReader : IImportReader
{
    public string Source => "AIPerf, records";

    public string Made => "aiperf profile --export-level=records, the file profile_export.jsonl";

    public bool Recognises(ImportFile file) => file.FirstLineIs(ImportFile.AiPerfLine);

    public ImportedContent Read(ImportFile file)
    {
        var result = new ImportedRequests();
        foreach (var (number, line) in file.Lines())
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                var data = json.RootElement.GetProperty("metadata");
                if (data.TryGetProperty("benchmark_phase", out var phase)
                    && phase.ValueKind == JsonValueKind.String
                    && phase.GetString() == "warmup")
                    continue;
                var (start, end) = (data.GetProperty("request_start_ns").GetInt64(), data.GetProperty("request_end_ns").GetInt64());
                var isError = json.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object;
                var duration = start > 0 && end >= start && Quantity.Nanoseconds(end - start, 1) is { } length
                    ? length
                    : throw new FormatException();
                result.Add(start, duration, isError, isError ? Kind(error) : null);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw file.BadLine(number, " is no record of AIPerf's");
            }
        }
        return result;
    }

    private static string Kind(JsonElement error) =>
        error.TryGetProperty("code", out var code)
            && code.ValueKind == JsonValueKind.Number
            && code.TryGetInt32(out var status)
            && status is >= 100 and < 1000
            ? FailureKind.OfStatus(status) : FailureKind.OfError(error.ToString());
}
