using System.Globalization;
using System.Text.RegularExpressions;

namespace ServeBench.Runs.Importing.Readers;

/// <summary><c>vegeta report --type=json</c>: nanoseconds.</summary>
internal sealed class VegetaReportReader : IImportReader
{
    public string Source => "vegeta, report";

    public string Made => "vegeta report --type=json";

    public bool Recognises(ImportFile file) =>
        file.Document is { } document && document.At("latencies") is not null && document.At("status_codes") is not null;

    public ImportedContent Read(ImportFile file)
    {
        var document = file.Document!;
        var percentiles = new Dictionary<double, double>();
        foreach (var (name, value) in document.At("latencies")!.Members)
        {
            if (!name.EndsWith("th", StringComparison.Ordinal)
                || Quantity.Number(name.AsSpan(0, name.Length - 2)) is not { } share
                || value.Number is not { } nanoseconds)
                continue;
            percentiles[Math.Round(share / 100, 6)] = Quantity.Nanoseconds(nanoseconds, 1) / 1e9
                ?? throw file.Bad($"has a latency that cannot be: {name}");
        }
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var good = 0L;
        foreach (var (code, count) in document.At("status_codes")!.Members)
        {
            var status = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            var many = count.Number is >= 0 and < 1e12 and var value
                ? (long)value
                : throw file.Bad($"has a count that cannot be, of status {status}");
            if (FailureKind.IsSuccess(status)) good += many;
            else kinds[FailureKind.OfStatus(status)] = kinds.GetValueOrDefault(FailureKind.OfStatus(status)) + many;
        }
        var seconds = (document.NumberAt("duration") + (document.NumberAt("wait") ?? 0)) / 1e9;
        return VegetaSum.Of(file, document.CountAt("requests"), good, kinds, document.NumberAt("throughput"), seconds, percentiles);
    }
}

/// <summary>What <c>vegeta report</c> prints.</summary>
internal sealed partial class VegetaTextReader : IImportReader
{
    public string Source => "vegeta, printed report";

    public string Made => "vegeta report";

    public bool Recognises(ImportFile file) =>
        file.HasPrinted(IsBeginning);

    public ImportedContent Read(ImportFile file)
    {
        var percentiles = new Dictionary<double, double>();
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var (requests, good, throughput, seconds) = ((long?)null, 0L, (double?)null, (double?)null);
        foreach (var (number, text) in file.Printed(IsBeginning))
        {
            if (Row().Match(text) is not { Success: true } row) continue;
            var (names, values) = (
                row.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries),
                row.Groups[3].Value.Split(',', StringSplitOptions.TrimEntries));
            switch (row.Groups[1].Value)
            {
                case "Requests":
                    requests = Quantity.Count(values[0]);
                    throughput = Place(names, "throughput") is { } place && place < values.Length ? Quantity.Number(values[place]) : null;
                    break;
                case "Duration":
                    seconds = Quantity.Seconds(values[0]);
                    break;
                case "Latencies":
                    for (var i = 0; i < Math.Min(names.Length, values.Length); i++)
                        if (Quantity.Number(names[i]) is { } share)
                            percentiles[Math.Round(share / 100, 6)] = Quantity.Seconds(values[i])
                                ?? throw file.BadLine(number, " has a latency that cannot be");
                    break;
                case "Status Codes":
                    foreach (Match pair in Pair().Matches(row.Groups[3].Value))
                    {
                        var (status, count) = (
                            (int)(Quantity.Count(pair.Groups[1].ValueSpan) ?? 0),
                            Quantity.Count(pair.Groups[2].ValueSpan) ?? throw file.BadLine(number, " has a count that cannot be"));
                        if (FailureKind.IsSuccess(status)) good += count;
                        else kinds[FailureKind.OfStatus(status)] = kinds.GetValueOrDefault(FailureKind.OfStatus(status)) + count;
                    }
                    break;
            }
        }
        return VegetaSum.Of(file, requests, good, kinds, throughput, seconds, percentiles);
    }

    private static int? Place(string[] names, string name) => Array.IndexOf(names, name) is >= 0 and var place ? place : null;

    private static bool IsBeginning(string line) => Heading().IsMatch(line);

    [GeneratedRegex(@"^Requests\s+\[total, rate")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^([A-Z][A-Za-z ]*?)\s+\[([^\]]*)\]\s+(\S.*?)\s*$")]
    private static partial Regex Row();

    [GeneratedRegex(@"([0-9]{1,3}):([0-9]+)")]
    private static partial Regex Pair();
}

/// <summary>What both of vegeta's reports come to.</summary>
internal static class VegetaSum
{
    public static ImportedSummary Of(
        ImportFile file,
        long? requests,
        long good,
        IReadOnlyDictionary<string, long> kinds,
        double? throughput,
        double? seconds,
        Dictionary<double, double> percentiles)
    {
        if (requests is null or 0) throw file.Bad("holds no requests", "Give the report of an attack that has made some");
        if (good + kinds.Values.Sum() != requests) throw file.Bad("counts other statuses than requests");
        var known = seconds > 0 && double.IsFinite(seconds.Value);
        var result = new ImportedSummary
        {
            Requests = requests,
            Failures = requests - good,
            Kinds = kinds,
            WindowSeconds = known ? seconds : null,
            RequestsPerSecond = throughput is >= 0 ? throughput : known ? good / seconds : null,
            Samples = requests,
            Service = percentiles,
        };
        if (result.RequestsPerSecond is null) result.Lacks(Figures.Rate, "the report does not say how long the attack took");
        result.Remarks.Add(
            good == requests
                ? "percentiles were computed by vegeta"
                : "percentiles were computed by vegeta, which counts failed requests too");
        return result;
    }
}
