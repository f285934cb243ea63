using System.Globalization;
using System.Text.RegularExpressions;
using ServeBench.Domain.Wording;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// What <c>ab</c> prints. Of its failed requests those whose answers only differed in length are none where lengths vary (<c>-l</c>); ab
/// counts them all the same, and answers of other statuses than 2xx apart.
/// </summary>
internal sealed partial class AbTextReader : IImportReader
{
    public string Source => "ab, printed summary";

    public string Made => "ab URL > FILE";

    public bool Recognises(ImportFile file) => file.HasPrinted(IsBeginning);

    public ImportedContent Read(ImportFile file)
    {
        var percentiles = new Dictionary<double, double>();
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var (complete, failed, statuses, lengths, unwritten) = ((long?)null, 0L, 0L, 0L, 0L);
        double? seconds = null;
        foreach (var (number, text) in file.Printed(IsBeginning))
        {
            if (Figure().Match(text) is { Success: true } figure)
            {
                var value = Quantity.Number(figure.Groups[2].ValueSpan) ?? throw file.BadLine(number, " has no number that can be");
                switch (figure.Groups[1].Value)
                {
                    case "Time taken for tests": seconds = value; break;
                    case "Complete requests": complete = Quantity.Count(figure.Groups[2].ValueSpan); break;
                    case "Failed requests":
                        failed = Quantity.Count(figure.Groups[2].ValueSpan) ?? throw file.BadLine(number, " has a count that cannot be");
                        break;
                    // Of ab 2.2 and before: the request could not be sent.
                    case "Write errors":
                        unwritten = Quantity.Count(figure.Groups[2].ValueSpan) ?? throw file.BadLine(number, " has a count that cannot be");
                        break;
                    case "Non-2xx responses":
                        statuses = Quantity.Count(figure.Groups[2].ValueSpan) ?? throw file.BadLine(number, " has a count that cannot be");
                        break;
                }
            }
            else if (Reasons().Match(text) is { Success: true } reasons)
            {
                long Count(int group) =>
                    Quantity.Count(reasons.Groups[group].ValueSpan) ?? throw file.BadLine(number, " has a count that cannot be");
                lengths = Count(3);
                (string Kind, long Count)[] counted =
                    [(FailureKind.Refused, Count(1)), (FailureKind.Disconnected, Count(2)), (FailureKind.Other, Count(4))];
                foreach (var (kind, count) in counted.Where(c => c.Count > 0)) kinds[kind] = count;
            }
            else if (Share().Match(text) is { Success: true } line)
            {
                percentiles[double.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture) / 100] =
                    Quantity.Nanoseconds(double.Parse(line.Groups[2].ValueSpan, CultureInfo.InvariantCulture), 1e6) / 1e9
                        ?? throw file.BadLine(number, " has a latency that cannot be");
            }
        }
        if (complete is not { } requests)
            throw file.Bad("does not end: it has no line 'Complete requests'", "ab was killed before its end: run it again");
        if (requests == 0) throw file.Bad("holds no requests", "Give the output of a run that has made some");
        if (statuses > 0) kinds["HTTP, not 2xx"] = statuses;
        if (unwritten > 0) kinds[FailureKind.Disconnected] = kinds.GetValueOrDefault(FailureKind.Disconnected) + unwritten;
        // A connection that failed has no status: both are failures.
        var failures = statuses + failed - lengths + unwritten;
        if (failures > requests || failed < lengths) throw file.Bad("counts more failures than requests");
        var result = new ImportedSummary
        {
            Requests = requests,
            Failures = failures,
            Kinds = kinds,
            WindowSeconds = seconds,
            RequestsPerSecond = seconds > 0 ? (requests - failures) / seconds : null,
            Samples = requests,
            Service = percentiles,
        };
        if (lengths > 0)
            result.Remarks.Add($"no failures here: {Plural.Of(lengths, "answer")} that only had another length than the first");
        result.Remarks.Add("percentiles were computed by ab in whole milliseconds, and count failed requests too");
        return result;
    }

    private static bool IsBeginning(string line) => line.StartsWith("This is ApacheBench", StringComparison.Ordinal);

    [GeneratedRegex(
        @"^(Time taken for tests|Complete requests|Failed requests|Write errors|Non-2xx responses):\s+([0-9.]+)(?: seconds)?\s*$")]
    private static partial Regex Figure();

    [GeneratedRegex(@"^\s+\(Connect: ([0-9]+), Receive: ([0-9]+), Length: ([0-9]+), Exceptions: ([0-9]+)\)")]
    private static partial Regex Reasons();

    [GeneratedRegex(@"^\s+([0-9]{2,3})%\s+([0-9]+)(?: \(longest request\))?\s*$")]
    private static partial Regex Share();
}
