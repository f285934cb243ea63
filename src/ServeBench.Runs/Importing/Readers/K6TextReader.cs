using System.Text.RegularExpressions;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// What k6 prints at the end of a test, of 0.3x to 2.x: of all requests over HTTP. What the full form repeats for groups and scenarios
/// is passed over.
/// </summary>
internal sealed partial class K6TextReader : IImportReader
{
    public string Source => "k6, printed summary";

    public string Made => "k6 run > FILE";

    public bool Recognises(ImportFile file) => file.HasPrinted(l => Metric().Match(l) is { Success: true } m && IsDuration(m));

    public ImportedContent Read(ImportFile file)
    {
        var (all, good) = ((Dictionary<double, double>?)null, (Dictionary<double, double>?)null);
        var (count, perSecond, failures, isPart) = ((long?)null, (double?)null, (long?)null, false);
        foreach (var (number, text) in file.Printed(_ => false, fromStart: true))
        {
            if (text.Contains('█', StringComparison.Ordinal))
                isPart = text.Contains("GROUP", StringComparison.Ordinal) || text.Contains("SCENARIO", StringComparison.Ordinal);
            if (isPart || Metric().Match(text) is not { Success: true } metric) continue;
            var (name, values) = (metric.Groups[1].Value, metric.Groups[2].Value);
            if (IsDuration(metric) && all is not null) throw ImportFile.Several(number);
            if (IsDuration(metric)) all = Percentiles(file, number, values);
            else if (name == "{ expected_response:true }" && all is not null) good ??= Percentiles(file, number, values);
            else if (name == "http_reqs" && Rate().Match(values) is { Success: true } rate)
                (count, perSecond) = (Count(rate.Groups[1]), Quantity.Number(rate.Groups[2].ValueSpan));
            else if (name == "http_req_failed" && Failed().Match(values) is { Success: true } failed)
                failures = Count(failed.Groups[1].Success ? failed.Groups[1] : failed.Groups[2]);

            long Count(Group digits) => Quantity.Count(digits.ValueSpan) ?? throw file.BadLine(number, " has a count that cannot be");
        }
        if (count == 0) throw file.Bad("holds no requests", "Give the output of a run that has made some");
        if (failures > count) throw file.Bad("counts more failures than requests");
        var isApart = good is { Count: > 0 };
        var result = new ImportedSummary
        {
            Requests = count,
            Failures = failures,
            RequestsPerSecond = count is null || failures is null ? null : perSecond * (count - failures) / count,
            Samples = isApart ? count - failures : count,
            Service = isApart ? good : all is { Count: > 0 } ? all : null,
        };
        if (count is null) result.Lacks(Figures.Requests, "the output has no line http_reqs");
        if (failures is null) result.Lacks(Figures.Failures, "the output has no line http_req_failed");
        if (failures > 0) result.Lacks(Figures.Kinds, "the output has their sum only");
        if (result.RequestsPerSecond is null)
            result.Lacks(Figures.Rate, "the output does not say how many requests succeeded in which time");
        result.Remarks.Add(
            isApart || failures == 0
                ? "percentiles were computed by k6"
                : "k6's percentiles count failed requests too, and were computed by k6");
        return result;
    }

    private static bool IsDuration(Match metric) => metric.Groups[1].Value == "http_req_duration";

    private static Dictionary<double, double> Percentiles(ImportFile file, int line, string values)
    {
        var found = new Dictionary<double, double>();
        foreach (Match value in Value().Matches(values))
        {
            var share = value.Groups[1].Value == "med" ? 50 : Quantity.Number(value.Groups[2].ValueSpan);
            if (share is not (> 0 and < 100)) continue;
            found[Math.Round(share.Value / 100, 6)] =
                Quantity.Seconds(value.Groups[3].ValueSpan) ?? throw file.BadLine(line, " has a latency that cannot be");
        }
        return found;
    }

    // Marks of thresholds come before names.
    [GeneratedRegex(@"^\s*(?:[✓✗]\s)?\s*([a-z_]+|\{ expected_response:true \})\.*: (.*)$")]
    private static partial Regex Metric();

    [GeneratedRegex(@"(med|p\(([0-9.]+)\))=(\S+)")]
    private static partial Regex Value();

    [GeneratedRegex(@"^([0-9]+)\s+([0-9.]+)/s")]
    private static partial Regex Rate();

    // 16.39% 10 out of 61; before 1.0 10.00% ✓ 10 ✗ 90, where the mark stands for those that did fail.
    [GeneratedRegex(@"^[0-9.]+%\s+(?:([0-9]+) out of [0-9]+|✓ ([0-9]+)\s+✗ [0-9]+)")]
    private static partial Regex Failed();
}
