using ServeBench.Domain.Wording;
using ServeBench.Load.K6.Results;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// The CSV export of AIPerf and GenAI-Perf: tables below each other, the first with the percentiles of each metric, the next with single
/// values. GenAI-Perf writes thousands with a comma, in quotes.
/// </summary>
internal sealed class AiPerfTableReader : IImportReader
{
    private static readonly (string Name, double Unit)[] Units = [("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("sec", 1e9)];

    public string Source => "AIPerf, table";

    public string Made => "aiperf profile or genai-perf profile, the file profile_export_*.csv";

    public bool Recognises(ImportFile file) => ImportTable.Heading(file) is ["Metric", "avg", "min", "max", ..];

    public ImportedContent Read(ImportFile file)
    {
        using var reader = file.Open();
        var (heading, fields) = (new List<string>(), new List<string>());
        var percentiles = new Dictionary<double, double>();
        var values = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        while (CsvLine.Read(reader, fields))
        {
            if (fields.Count == 1 && fields[0].Length == 0) continue;
            var (name, unit) = Named(fields[0]);
            if (name == "Metric") heading = [.. fields];
            else if (fields.Count != heading.Count)
                throw file.BadLine(reader.Lines, $" has {Plural.Of(fields.Count, "field")} instead of {heading.Count}");
            else if (name == "Request Latency") ReadLatency(unit);
            else if (heading is [_, "Value"] && Number(1) is { } value) values[name] = value;
        }
        var (good, failures) = (Count("Request Count"), Count("Error Request Count"));
        if (good == 0 && failures is null or 0) throw file.Bad("holds no requests", "Give the export of a run that has made some");
        var result = new ImportedSummary
        {
            Requests = good + (failures ?? 0),
            Failures = failures,
            RequestsPerSecond = values.TryGetValue("Request Throughput", out var rate) ? rate : null,
            Samples = good,
            Service = percentiles.Count > 0 ? percentiles : null,
        };
        if (good is null) result.Lacks(Figures.Requests, "the export has no Request Count");
        if (failures is null) result.Lacks(Figures.Failures, "the export counts successful requests only");
        if (result.RequestsPerSecond is null) result.Lacks(Figures.Rate, "the export has no Request Throughput");
        result.Remarks.Add("percentiles and rate were computed by the tool, of requests that succeeded");
        return result;

        long? Count(string name) => !values.TryGetValue(name, out var count) ? null
            : count is >= 0 and < 1e12 ? (long)count : throw file.Bad($"has a count that cannot be: {name}");

        void ReadLatency(string unit)
        {
            var known = Array.Find(Units, u => u.Name == unit);
            if (known.Name is null) throw file.BadLine(reader.Lines, " does not say in which unit its latencies are");
            for (var i = 1; i < heading.Count; i++)
            {
                if (!heading[i].StartsWith('p') || Quantity.Number(heading[i].AsSpan(1)) is not (> 0 and < 100 and var share)) continue;
                if (Number(i) is not { } latency) continue;
                percentiles[Math.Round(share / 100, 6)] = Quantity.Nanoseconds(latency, known.Unit) / 1e9
                    ?? throw file.BadLine(reader.Lines, " has a latency that cannot be");
            }
        }

        double? Number(int place) => fields[place] is "" or "N/A" or "nan" ? null
            : Quantity.Grouped(fields[place]) ?? throw file.BadLine(reader.Lines, $" has no number in column {heading[place]}");
    }

    /// <summary>Splits <c>Request Latency (ms)</c>.</summary>
    private static (string Name, string Unit) Named(string metric)
    {
        var open = metric.LastIndexOf(" (", StringComparison.Ordinal);
        return open > 0 && metric.EndsWith(')') ? (metric[..open], metric[(open + 2)..^1]) : (metric, "");
    }
}
