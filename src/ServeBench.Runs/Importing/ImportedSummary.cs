using System.Globalization;
using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Trials;
using ServeBench.Load.K6.Results;

namespace ServeBench.Runs.Importing;

/// <summary>What a tool has summed up itself; there are no requests behind it any more.</summary>
/// <param name="Requests">How many there were.</param>
/// <param name="Failures">How many of them failed, or null.</param>
/// <param name="RequestsPerSecond">Successful ones, or null.</param>
/// <param name="Service">Percentiles of latency.</param>
/// <param name="Remarks">What it does not tell.</param>
internal sealed record ImportedSummary(long Requests, long? Failures, double? RequestsPerSecond, ImportedLatency Service, params IReadOnlyList<string> Remarks)
{
    /// <summary>Reads the line of Locust's statistics that sums up all others.</summary>
    /// <exception cref="RunFailedException">when there is none.</exception>
    public static ImportedSummary OfLocust(string file)
    {
        using var reader = ImportFormat.Open(file);
        var (head, fields) = (new List<string>(), new List<string>());
        CsvLine.Read(reader, head);
        while (CsvLine.Read(reader, fields))
        {
            if (fields.Count != head.Count || fields[head.IndexOf("Name")] != "Aggregated") continue;
            var (requests, failures) = ((long)Value("Request Count"), (long)Value("Failure Count"));
            return new ImportedSummary(requests, failures, Value("Requests/s") - Value("Failures/s"),
                Latencies.Of(requests, p => Value(p == 0.999 ? "99.9%" : $"{p * 100:0}%") / 1e3),
                "Locust's percentiles are rounded to two digits, count failed requests too, and were computed by Locust");
        }
        throw new RunFailedException($"{file} has no line named Aggregated", "Give the file that ends in _stats.csv, whole");

        double Value(string column)
        {
            var place = head.IndexOf(column);
            return place >= 0 && double.TryParse(fields[place], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new RunFailedException($"{file}: the line named Aggregated has no number in a column {column}", "Give the file that ends in _stats.csv, as Locust has written it");
        }
    }

    /// <summary>Reads k6's summary: of our scripts the measured window, of others the whole test.</summary>
    /// <exception cref="RunFailedException">when it is none.</exception>
    public static ImportedSummary OfK6(string file)
    {
        try
        {
            using var reader = ImportFormat.Open(file);
            using var json = JsonDocument.Parse(reader.ReadToEnd());
            var metrics = json.RootElement.GetProperty("metrics");
            var windowed = metrics.TryGetProperty("http_req_duration{phase:measure}", out var duration);
            if (!windowed) duration = metrics.GetProperty("http_req_duration");
            var count = Value(duration, "count") ?? (windowed ? null : Value(metrics.GetProperty("http_reqs"), "count"))
                ?? throw new RunFailedException($"{file} does not say how many requests it is about", "Add 'count' to summaryTrendStats and run k6 again");
            var failed = metrics.TryGetProperty(windowed ? "http_req_failed{phase:measure}" : "http_req_failed", out var failures) ? Value(failures, "rate") ?? Value(failures, "value") : null;
            var rate = windowed ? null : Value(metrics.GetProperty("http_reqs"), "rate") * (1 - failed);
            return new ImportedSummary((long)count, failed is { } share ? (long)Math.Round(share * count) : null, rate,
                Latencies.Of((long)count, p => Value(duration, p == 0.5 ? "med" : $"p({(p * 100).ToString("0.#")})") / 1e3),
                "k6's percentiles count failed requests too, and were computed by k6");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new RunFailedException($"{file} is no summary of k6's: {e.Message}", "Make it with k6 run --summary-export=FILE", e);
        }
    }

    /// <summary>A value of a metric: at its top in an exported summary, below <c>values</c> in one that a script has written.</summary>
    private static double? Value(JsonElement metric, string name)
    {
        if (metric.TryGetProperty("values", out var values)) metric = values;
        return metric.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
    }
}
