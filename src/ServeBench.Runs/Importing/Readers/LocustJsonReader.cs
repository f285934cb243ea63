namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// <c>locust --json</c> and <c>--json-file</c>: per kind of request its counts, and its response times rounded to two digits, each with
/// how often it came.
/// </summary>
internal sealed class LocustJsonReader : IImportReader
{
    private static readonly double[] Shares = [0.5, 0.9, 0.95, 0.99, 0.999];

    public string Source => "Locust, JSON";

    public string Made => "locust --json > FILE, or --json-file=NAME";

    public bool Recognises(ImportFile file) =>
        file.Document?.Items is [var first, ..] && first.At("num_requests") is not null && first.At("response_times") is not null;

    public ImportedContent Read(ImportFile file)
    {
        var list = file.Document!;
        if (list.Count > list.Items.Count)
            throw file.Bad($"has {list.Count} kinds of requests, more than are read", "Import the file that ends in _stats.csv");
        var (requests, failures, start, end) = (0L, 0L, double.MaxValue, 0.0);
        var times = new SortedDictionary<long, long>();
        foreach (var entry in list.Items)
        {
            var count = Count(entry, "num_requests");
            requests += count;
            failures += Count(entry, "num_failures");
            if (count == 0) continue;
            start = Math.Min(start, entry.NumberAt("start_time") ?? double.NaN);
            end = Math.Max(end, entry.NumberAt("last_request_timestamp") ?? double.NaN);
            var answered = entry.At("response_times") ?? throw file.Bad("has an entry without response_times");
            foreach (var (milliseconds, many) in answered.Members)
            {
                var time = Quantity.Number(milliseconds) is { } value ? Quantity.Nanoseconds(value, 1e6) : null;
                var key = time ?? throw file.Bad($"has a response time that cannot be: '{milliseconds}'");
                times[key] = times.GetValueOrDefault(key) + (long)(many.Number is >= 0 and < 1e12 and var known ? known
                    : throw file.Bad("has a count that cannot be"));
            }
        }
        if (requests == 0) throw file.Bad("holds no requests", "Give the file of a run that has made some");
        if (failures > requests) throw file.Bad("counts more failures than requests");
        var seconds = end - start;
        var result = new ImportedSummary
        {
            Requests = requests,
            Failures = failures,
            WindowSeconds = seconds > 0 ? seconds : null,
            RequestsPerSecond = seconds > 0 ? (requests - failures) / seconds : null,
            Samples = times.Values.Sum(),
            Service = times.Count > 0 ? Percentiles(times) : null,
        };
        if (result.WindowSeconds is null) result.Lacks(Figures.Rate, "the file does not say how long the test took");
        if (failures > 0) result.Lacks(Figures.Kinds, "they are in the file that ends in _failures.csv");
        result.Remarks.Add("Locust rounds response times to two digits, and counts those of failed requests too");
        return result;

        long Count(JsonOutline entry, string name) =>
            entry.CountAt(name) ?? throw file.Bad($"has an entry without {name}");
    }

    /// <summary>By rank, the smallest time within which at least that share of the requests was answered.</summary>
    private static Dictionary<double, double> Percentiles(SortedDictionary<long, long> times)
    {
        var all = times.Values.Sum();
        var found = new Dictionary<double, double>();
        foreach (var share in Shares)
        {
            var (needed, within) = (share * all, 0L);
            foreach (var (time, many) in times)
            {
                within += many;
                if (within < needed) continue;
                found[share] = time / 1e9;
                break;
            }
        }
        return found;
    }
}
