using System.Text.RegularExpressions;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// What <c>vegeta report --type=hdrplot</c> prints: a line per percentile, in milliseconds, with how many requests are within it.
/// </summary>
internal sealed partial class VegetaPlotReader : IImportReader
{
    public string Source => "vegeta, percentiles";

    public string Made => "vegeta report --type=hdrplot";

    public bool Recognises(ImportFile file) => file.HasPrinted(IsBeginning);

    public ImportedContent Read(ImportFile file)
    {
        var percentiles = new Dictionary<double, double>();
        var requests = 0L;
        foreach (var (number, text) in file.Printed(IsBeginning).Skip(1))
        {
            if (Row().Match(text) is not { Success: true } row) throw file.BadLine(number, " is no percentile of vegeta's");
            if (Quantity.Number(row.Groups[2].ValueSpan) is not (>= 0 and <= 1 and var share)
                || Quantity.Number(row.Groups[1].ValueSpan) is not { } milliseconds
                || Quantity.Nanoseconds(milliseconds, 1e6) is not { } latency
                || Quantity.Count(row.Groups[3].ValueSpan) is not { } within)
                throw file.BadLine(number, " has a number that cannot be");
            percentiles[Math.Round(share, 6)] = latency / 1e9;
            requests = Math.Max(requests, within);
        }
        if (requests == 0) throw file.Bad("holds no requests", "Give the report of an attack that has made some");
        var result = new ImportedSummary { Requests = requests, Samples = requests, Service = percentiles };
        result.Lacks(Figures.Failures, VegetaBucketsReader.Why + ", in which those that failed are too");
        result.Lacks(Figures.Rate, VegetaBucketsReader.Why);
        result.Remarks.Add("percentiles were computed by vegeta, which counts failed requests too");
        return result;
    }

    private static bool IsBeginning(string line) => Heading().IsMatch(line);

    [GeneratedRegex(@"^Value\(ms\)\s+Percentile\s+TotalCount")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*([0-9.]+)\s+([0-9.]+)\s+([0-9]+)\s+\S+\s*$")]
    private static partial Regex Row();
}

/// <summary>What <c>vegeta report --type=hist[...]</c> prints: how many requests took how long, in steps that the user chose.</summary>
internal sealed partial class VegetaBucketsReader : IImportReader
{
    public const string Why = "the report counts requests by how long they took";

    public string Source => "vegeta, histogram";

    public string Made => "vegeta report --type='hist[0,2ms,4ms]'";

    public bool Recognises(ImportFile file) => file.HasPrinted(IsBeginning);

    public ImportedContent Read(ImportFile file)
    {
        var requests = 0L;
        foreach (var (number, text) in file.Printed(IsBeginning).Skip(1))
        {
            if (Row().Match(text) is not { Success: true } row) throw file.BadLine(number, " is no step of vegeta's");
            requests += Quantity.Count(row.Groups[1].ValueSpan) ?? throw file.BadLine(number, " has a count that cannot be");
        }
        if (requests == 0) throw file.Bad("holds no requests", "Give the report of an attack that has made some");
        var result = new ImportedSummary { Requests = requests };
        result.Lacks(Figures.Failures, Why + ", in which those that failed are too");
        result.Lacks(Figures.Rate, Why);
        result.Lacks(Figures.Latency, "a histogram has no percentiles: make a report with --type=json");
        return result;
    }

    private static bool IsBeginning(string line) => Heading().IsMatch(line);

    [GeneratedRegex(@"^Bucket\s+#\s+%\s+Histogram")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*\[[^\]]*\]\s+([0-9]+)\s")]
    private static partial Regex Row();
}
