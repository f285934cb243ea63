using System.Globalization;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// What k6 has summed up, in each of its shapes: <c>--summary-export</c> (values at the top of a metric), what a script's
/// handleSummary writes (below <c>values</c>), and the machine-readable summary of k6 2 (a list of metrics below <c>results</c>).
/// Of our scripts it is the measured window, of others the whole test.
/// </summary>
internal sealed class K6SummaryReader : IImportReader
{
    private static readonly string[] Durations = ["http_req_duration", "grpc_req_duration", "request_duration"];

    public string Source => "k6, summary";

    public string Made => "k6 run --summary-export=FILE";

    public bool Recognises(ImportFile file) => file.Document is { } document
        && (document.At("root_group") is not null || document.At("results", "metrics") is not null
            || document.At("metrics")?.Members.Keys.Any(
                k => k is "iterations" or "vus" or "iteration_duration"
                    || Durations.Any(d => k.StartsWith(d, StringComparison.Ordinal))) == true);

    public ImportedContent Read(ImportFile file)
    {
        var metrics = Metrics(file.Document!);
        if (metrics.Count == 0) throw file.Bad("is no summary of k6's: it has no metrics", "Make it with k6 run --summary-export=FILE");
        var name = Durations.FirstOrDefault(d => metrics.ContainsKey($"{d}{{phase:measure}}"))
            ?? Durations.FirstOrDefault(metrics.ContainsKey)
                ?? throw file.Bad("holds no requests", "Give the summary of a script that makes some over HTTP or gRPC");
        var phase = metrics.ContainsKey($"{name}{{phase:measure}}") ? "{phase:measure}" : "";
        var isHttp = name == "http_req_duration";
        var duration = metrics[name + phase];
        var rates = metrics.GetValueOrDefault((isHttp ? "http_req_failed" : "request_failed") + phase);
        var total = phase.Length == 0 && isHttp ? metrics.GetValueOrDefault("http_reqs") : null;
        // passes: of http_req_failed, those that did fail; in 2.x they are called matches, of a total.
        var failures = Count(rates, "passes") ?? Count(rates, "matches");
        var share = Value(rates, "rate") ?? Value(rates, "value");
        var count = Count(duration, "count") ?? Count(total, "count") ?? (failures + Count(rates, "fails")) ?? Count(rates, "total");
        if (count == 0) throw file.Bad("holds no requests", "Give the summary of a run that has made some");
        failures ??= share is >= 0 and <= 1 && count is { } all ? (long)Math.Round(share.Value * all) : null;
        if (failures > count) throw file.Bad("counts more failures than requests");
        // k6 keeps the good answers apart by itself as soon as one is not.
        var good = phase.Length == 0 ? metrics.GetValueOrDefault($"{name}{{expected_response:true}}") : null;
        var seconds = file.Document!.NumberAt("config", "duration")
            ?? file.Document.NumberAt("config", "duration_seconds")
            ?? file.Document.NumberAt("state", "testRunDurationMs") / 1e3;
        double? rate = phase.Length > 0 || count is null || failures is null ? null
            : Value(total, "rate") is { } reported ? reported * (count - failures) / count
            : seconds > 0 ? (count - failures) / seconds : null;
        var result = new ImportedSummary
        {
            Requests = count,
            Failures = failures,
            RequestsPerSecond = rate,
            Samples = good is null ? count : count - failures,
            Service = Percentiles(good ?? duration, file),
        };
        if (count is null) result.Lacks(Figures.Requests, "k6 was not configured to write it (summaryTrendStats with count)");
        if (failures is null)
            result.Lacks(
                Figures.Failures, rates is not null ? "what the summary says of failures comes to none that can be"
                    : isHttp ? "the summary has no http_req_failed" : "k6 does not count the failures of gRPC requests");
        if (rate is null)
            result.Lacks(
                Figures.Rate,
                phase.Length > 0
                    ? "the summary counts the warm-up too"
                    : "the summary does not say how many requests succeeded in which time");
        if (failures > 0) result.Lacks(Figures.Kinds, "the summary has their sum only");
        if (isHttp && metrics.ContainsKey("grpc_req_duration"))
            result.Remarks.Add("the script made requests over gRPC too, which k6 sums up apart and which are not counted here");
        result.Remarks.Add(
            good is not null || failures == 0
                ? "percentiles were computed by k6"
                : "k6's percentiles count failed requests too, and were computed by k6");
        return result;
    }

    private static Dictionary<string, JsonOutline> Metrics(JsonOutline document)
    {
        var found = new Dictionary<string, JsonOutline>(StringComparer.Ordinal);
        foreach (var (name, metric) in document.At("metrics")?.Members
            ?? new Dictionary<string, JsonOutline>()) found[name] = metric.At("values") ?? metric;
        if (document.At("results", "metrics") is not { } list) return found;
        foreach (var (name, metric) in list.Members) found[name] = metric.At("values") ?? metric;
        foreach (var metric in list.Items)
            if (metric.At("name")?.Text is { } name && metric.At("values") is { } values) found[name] = values;
        return found;
    }

    /// <summary>Every percentile that is there, in seconds; k6 writes milliseconds.</summary>
    private static Dictionary<double, double> Percentiles(JsonOutline duration, ImportFile file)
    {
        var found = new Dictionary<double, double>();
        foreach (var (name, value) in duration.Members)
        {
            // p(90); in the machine-readable summary p90.
            double? share = name == "med" ? 50 : name.StartsWith('p') ? Quantity.Number(name.AsSpan(1).Trim("()")) : null;
            if (share is not (> 0 and < 100) || value.Number is not { } milliseconds) continue;
            found[Math.Round(share.Value / 100, 6)] = Quantity.Nanoseconds(milliseconds, 1e6) / 1e9
                ?? throw file.Bad(
                    $"says that {name} is {milliseconds.ToString(CultureInfo.InvariantCulture)} ms, which is no length of time");
        }
        return found;
    }

    private static double? Value(JsonOutline? metric, string name) => metric?.NumberAt(name);

    private static long? Count(JsonOutline? metric, string name) => metric?.CountAt(name);
}
