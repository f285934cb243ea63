using System.Globalization;
using System.Text.RegularExpressions;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>What <c>oha --no-tui</c> prints: as hey does, but in a unit that the slowest request decides.</summary>
internal sealed partial class OhaTextReader : IImportReader
{
    private enum Section
    {
        Other,
        Percentiles,
        Good,
        Statuses,
        Errors,
    }

    public string Source => "oha, printed summary";

    public string Made => "oha --no-tui URL > FILE";

    public bool Recognises(ImportFile file) =>
        file.HasPrinted(HeyTextReader.IsBeginning) && file.Head.Contains("Success rate:", StringComparison.Ordinal);

    public ImportedContent Read(ImportFile file)
    {
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var (all, successful) = (new Dictionary<double, double>(), new Dictionary<double, double>());
        var (section, seconds, hasEnd) = (Section.Other, (double?)null, false);
        var (good, answered, unfinished) = (0L, 0L, 0L);
        foreach (var (number, text) in file.Printed(HeyTextReader.IsBeginning))
        {
            if (!char.IsWhiteSpace(text[0])) section = SectionOf(text);
            hasEnd |= section == Section.Statuses;
            if (Total().Match(text) is { Success: true } total)
                seconds = Time(total.Groups[1].Value, total.Groups[2].Value);
            else if (section == Section.Percentiles && Share().Match(text) is { Success: true } share) Keep(number, all, share);
            else if (section == Section.Good && Share().Match(text) is { Success: true } ofGood) Keep(number, successful, ofGood);
            else if (section is Section.Statuses or Section.Errors && Bracket().Match(text) is { Success: true } row)
                Count(number, section == Section.Errors, row);
        }
        if (!hasEnd)
            throw file.Bad("does not end: it has no line 'Status code distribution:'", "oha was killed before its end: run it again");
        var failures = kinds.Values.Sum();
        if (good + failures == 0) throw file.Bad("holds no requests", "Give the output of a run that has made some");
        var result = new ImportedSummary
        {
            Requests = good + failures,
            Failures = failures,
            Kinds = kinds,
            WindowSeconds = seconds > 0 ? seconds : null,
            RequestsPerSecond = seconds > 0 ? good / seconds : null,
            Samples = successful.Count > 0 ? good : answered,
            Service = successful.Count > 0 ? successful : all,
        };
        if (result.WindowSeconds is null) result.Lacks(Figures.Rate, "the file does not say how long the test took");
        if (unfinished > 0) result.Remarks.Add(OhaSummaryReader.Unfinished(unfinished));
        result.Remarks.Add(OhaSummaryReader.Computed(successful.Count > 0 || good == answered));
        return result;

        void Keep(int line, Dictionary<double, double> percentiles, Match row)
        {
            var share = Quantity.Number(row.Groups[1].ValueSpan) ?? throw file.BadLine(line, " has no percentage");
            percentiles[Math.Round(share / 100, 6)] =
                Time(row.Groups[2].Value, row.Groups[3].Value) ?? throw file.BadLine(line, " has no latency that can be");
        }

        void Count(int line, bool isError, Match row)
        {
            var (first, rest) = (Quantity.Count(row.Groups[1].ValueSpan), row.Groups[2].Value);
            var count = (isError ? first : Quantity.Count(rest.Split(' ')[0])) ?? throw file.BadLine(line, " has a count that cannot be");
            if (isError && rest == OhaSummaryReader.Deadline)
            {
                unfinished += count;
                return;
            }
            var status = isError ? 0 : FailureKind.StatusOf(first ?? -1) ?? throw file.BadLine(line, " has no status that can be");
            if (!isError) answered += count;
            if (!isError && FailureKind.IsSuccess(status))
            {
                good += count;
                return;
            }
            var kind = isError ? FailureKind.OfError(rest) : FailureKind.OfStatus(status);
            kinds[kind] = kinds.GetValueOrDefault(kind) + count;
        }
    }

    private static Section SectionOf(string heading) =>
        Distribution().Match(heading) is { Success: true } times
            ? times.Groups[1].Value switch { "" => Section.Percentiles, "2xx only" => Section.Good, _ => Section.Other }
            : heading.StartsWith("Status code", StringComparison.Ordinal) ? Section.Statuses
            : heading.StartsWith("Error distribution", StringComparison.Ordinal) ? Section.Errors : Section.Other;

    private static double? Time(string number, string unit) =>
        Quantity.Number(number) is >= 0 and var value
            ? Quantity.Seconds(
                string.Create(CultureInfo.InvariantCulture, $"{value:0.############}{(unit is "sec" or "secs" ? "s" : unit)}"))
            : null;

    [GeneratedRegex(@"^\s*Total:\s+([0-9.]+)\s+([a-zµμ]+)\s*$")]
    private static partial Regex Total();

    [GeneratedRegex(@"^(?:Response time|Latency) distribution(?: \((.*)\))?:")]
    private static partial Regex Distribution();

    // The highest are NaN where requests were few: those stay unread.
    [GeneratedRegex(@"^\s*([0-9.]+)% in ([0-9.]+)\s+([a-zµμ]+)\s*$")]
    private static partial Regex Share();

    [GeneratedRegex(@"^\s*\[([0-9]+)\]\s+(\S.*?)\s*$")]
    private static partial Regex Bracket();
}
