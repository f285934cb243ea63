using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Load.K6.Results;

namespace ServeBench.Runs.Importing;

/// <summary>Reads the raw output of any k6 script: of ours the requests of the measured window, of others every request.</summary>
internal static class K6Import
{
    public static ImportedRequests OfCsv(string file) => Of(K6Csv.Read(file));

    /// <summary>Reads <c>--out json</c>: one JSON object per line.</summary>
    /// <exception cref="RunFailedException">when a line is none.</exception>
    public static ImportedRequests OfPoints(string file) => Of(Points(file));

    private static ImportedRequests Of(IEnumerable<K6Row> rows)
    {
        var (all, measured) = (new Collector(), new Collector());
        foreach (var row in rows)
        {
            all.Add(row);
            if (row.Tag("phase") == "measure" || row.Metric == "dropped_iterations") measured.Add(row);
        }
        return measured.Result.Requests.Count > 0 ? measured.Result : all.Result;
    }

    private static IEnumerable<K6Row> Points(string file)
    {
        using var reader = ImportFormat.Open(file);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length > 0 && Point(line, file, number) is { } row) yield return row;
        }
    }

    private static K6Row? Point(string line, string file, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.GetProperty("type").GetString() != "Point") return null;
            var data = root.GetProperty("data");
            var tags = data.TryGetProperty("tags", out var found) && found.ValueKind == JsonValueKind.Object
                ? string.Join('&', found.EnumerateObject().Select(t => $"{t.Name}={t.Value.GetString()}")) : "";
            var time = K6Timestamp.Nanoseconds(data.GetProperty("time").GetString()) ?? throw new FormatException("its time is none");
            return new K6Row(root.GetProperty("metric").GetString()!, time, data.GetProperty("value").GetDouble(), "", "", 0, tags, "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new RunFailedException($"{file} line {number} is no point of k6's: {e.Message}", "The file was cut off or changed: run k6 again", e);
        }
    }

    /// <summary>Puts the rows of each request together: they stand one after the other.</summary>
    private sealed class Collector
    {
        public ImportedRequests Result { get; } = new();

        public void Add(K6Row row)
        {
            var requests = Result.Requests;
            switch (row.Metric)
            {
                case "http_req_duration" or "request_duration":
                    var duration = (long)Math.Round(row.Value * 1e6);
                    requests.Add(new ImportedRequest(row.Time - duration, duration, null));
                    break;
                case "http_req_failed" or "request_failed" when requests.Count > 0:
                    requests[^1] = requests[^1] with { Failed = row.Value > 0 };
                    break;
                case "latency_from_schedule":
                    Result.FromSchedule.Add((long)Math.Round(row.Value * 1e6));
                    break;
                case "dropped_iterations" or "dropped_arrivals":
                    Result.Dropped = (Result.Dropped ?? 0) + (long)row.Value;
                    break;
            }
        }
    }
}
