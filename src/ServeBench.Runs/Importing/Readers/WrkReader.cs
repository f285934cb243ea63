using System.Globalization;
using System.Text.RegularExpressions;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// What wrk and wrk2 print. wrk2's recorded latency counts from when a request was due; its uncorrected one (-U) from when it was sent,
/// as wrk's does.
/// </summary>
internal sealed partial class WrkReader : IImportReader
{
    public string Source => "wrk, printed summary";

    public string Made => "wrk --latency URL > FILE, and wrk2 alike";

    public bool Recognises(ImportFile file) => file.HasPrinted(IsBeginning) && file.Head.Contains("Thread Stats", StringComparison.Ordinal);

    public ImportedContent Read(ImportFile file)
    {
        var (service, due) = (new Dictionary<double, double>(), new Dictionary<double, double>());
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        Dictionary<double, double>? into = null;
        long? complete = null;
        double? seconds = null;
        var (statuses, timeouts, unanswered) = (0L, 0L, 0L);
        foreach (var (number, text) in file.Printed(IsBeginning))
        {
            if (text.Contains("Latency Distribution", StringComparison.Ordinal))
                into = text.Contains("Recorded", StringComparison.Ordinal) ? due : service;
            else if (text.Contains("Uncorrected Latency", StringComparison.Ordinal)) into = service;
            else if (text.Contains("Detailed Percentile", StringComparison.Ordinal)) into = null;
            else if (into is not null && Share().Match(text) is { Success: true } line)
                into[Math.Round(double.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture) / 100, 6)] =
                    Quantity.Seconds(line.Groups[2].ValueSpan) ?? throw file.BadLine(number, " has no latency that can be");
            else if (Done().Match(text) is { Success: true } done)
                (complete, seconds) = (Quantity.Count(done.Groups[1].ValueSpan), Quantity.Seconds(done.Groups[2].ValueSpan));
            else if (Socket().Match(text) is { Success: true } socket)
            {
                long Errors(int group) =>
                    Quantity.Count(socket.Groups[group].ValueSpan) ?? throw file.BadLine(number, " has a count that cannot be");
                (unanswered, timeouts) = (Errors(1) + Errors(2) + Errors(3), Errors(4));
                (string Kind, long Count)[] counted =
                [
                    (FailureKind.Refused, Errors(1)),
                    (FailureKind.Disconnected, Errors(2) + Errors(3)),
                    (FailureKind.Timeout, Errors(4)),
                ];
                foreach (var (kind, count) in counted.Where(c => c.Count > 0)) kinds[kind] = count;
            }
            else if (Statuses().Match(text) is { Success: true } bad)
                kinds["HTTP, not 2xx or 3xx"] =
                    statuses = Quantity.Count(bad.Groups[1].ValueSpan) ?? throw file.BadLine(number, " has a count that cannot be");
        }
        if (complete is not { } answered || seconds is not > 0)
            throw file.Bad("does not end: it has no line '... requests in ...'", "wrk was killed before its end: run it again");
        if (answered + unanswered + timeouts == 0) throw file.Bad("holds no requests", "Give the output of a run that has made some");
        if (statuses > answered) throw file.Bad("counts more failed statuses than answers");
        var result = new ImportedSummary
        {
            Requests = answered + unanswered,
            Failures = timeouts == 0 ? statuses + unanswered : null,
            Kinds = kinds,
            WindowSeconds = seconds,
            RequestsPerSecond = timeouts == 0 ? (answered - statuses) / seconds : null,
            Samples = answered,
            Service = service.Count > 0 ? service : null,
            EndToEnd = due.Count > 0 ? due : null,
        };
        if (timeouts > 0)
        {
            var why = $"wrk does not say whether the {timeouts:#,0} that timed out are among the answers it counts";
            result.Lacks(Figures.Failures, why);
            result.Lacks(Figures.Rate, why);
        }
        if (service.Count + due.Count == 0) result.Lacks(Figures.Latency, "wrk was not asked for percentiles (--latency)");
        result.Remarks.Add(
            statuses > 0
                ? "percentiles were computed by wrk, which counts answers with failed statuses too"
                : "percentiles were computed by wrk");
        return result;
    }

    private static bool IsBeginning(string line) => Running().IsMatch(line);

    [GeneratedRegex(@"^Running \S+ test @ ")]
    private static partial Regex Running();

    [GeneratedRegex(@"^\s*([0-9]+(?:\.[0-9]+)?)%\s+([0-9.]+[a-zµμ]+)\s*$")]
    private static partial Regex Share();

    [GeneratedRegex(@"^\s*([0-9]+) requests in ([0-9.]+[a-z]+),")]
    private static partial Regex Done();

    [GeneratedRegex(@"Socket errors: connect ([0-9]+), read ([0-9]+), write ([0-9]+), timeout ([0-9]+)")]
    private static partial Regex Socket();

    [GeneratedRegex(@"Non-2xx or 3xx responses: ([0-9]+)")]
    private static partial Regex Statuses();
}
