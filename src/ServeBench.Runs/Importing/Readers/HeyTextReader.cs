using System.Text.RegularExpressions;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>What <c>hey</c> prints without <c>-o</c>.</summary>
internal sealed partial class HeyTextReader : IImportReader
{
    public string Source => "hey, printed summary";

    public string Made => "hey URL > FILE";

    public bool Recognises(ImportFile file) =>
        file.HasPrinted(IsBeginning)
            && file.Head.Contains("Requests/sec:", StringComparison.Ordinal)
            && !file.Head.Contains("Success rate:", StringComparison.Ordinal);

    public ImportedContent Read(ImportFile file)
    {
        var (percentiles, kinds) = (new Dictionary<double, double>(), new SortedDictionary<string, long>(StringComparer.Ordinal));
        var (section, good, total, seconds, hasEnd) = ("", 0L, 0L, (double?)null, false);
        foreach (var (_, text) in file.Printed(IsBeginning))
        {
            if (!char.IsWhiteSpace(text[0])) section = text.Trim();
            hasEnd |= section.StartsWith("Status code", StringComparison.Ordinal);
            if (Total().Match(text) is { Success: true } time) seconds = Quantity.Number(time.Groups[1].Value);
            else if (section.StartsWith("Latency distribution", StringComparison.Ordinal) && Share().Match(text) is { Success: true } line)
                percentiles[(Quantity.Number(line.Groups[1].ValueSpan) ?? throw file.Bad("has a percentage that is no number")) / 100] =
                    Quantity.Number(line.Groups[2].ValueSpan) ?? throw file.Bad("has a latency that is no number");
            else if (section.StartsWith("Status code", StringComparison.Ordinal) && Bracket().Match(text) is { Success: true } status)
                Count(
                    FailureKind.OfStatus((int)Number(status)),
                    FailureKind.IsSuccess((int)Number(status)),
                    Quantity.Count(status.Groups[2].ValueSpan) ?? 0);
            else if (section.StartsWith("Error distribution", StringComparison.Ordinal) && Bracket().Match(text) is { Success: true } error)
                Count(FailureKind.OfError(error.Groups[2].Value), false, Number(error));
        }
        if (!hasEnd)
            throw file.Bad("does not end: it has no line 'Status code distribution:'", "hey was killed before its end: run it again");
        if (total == 0) throw file.Bad("holds no requests", "Give the output of a run that has made some");
        var result = new ImportedSummary
        {
            Requests = total,
            Failures = total - good,
            Kinds = kinds,
            WindowSeconds = seconds,
            RequestsPerSecond = seconds > 0 ? good / seconds : null,
            Samples = total,
            Service = percentiles,
        };
        result.Remarks.Add(
            total == good
                ? "percentiles were computed by hey"
                : "percentiles were computed by hey, which counts answers with failed statuses too");
        return result;

        long Number(Match match) =>
            Quantity.Count(match.Groups[1].ValueSpan) is { } value and < 1_000_000_000
                ? value
                : throw file.Bad("has a count that cannot be");

        void Count(string kind, bool isGood, long count)
        {
            total += count;
            if (isGood) good += count;
            else kinds[kind] = kinds.GetValueOrDefault(kind) + count;
        }
    }

    /// <summary>oha begins alike.</summary>
    internal static bool IsBeginning(string line) => line.TrimEnd() == "Summary:";

    [GeneratedRegex(@"^\s*Total:\s+([0-9.]+) secs")]
    private static partial Regex Total();

    [GeneratedRegex(@"^\s*([0-9.]+)%+ in ([0-9.]+) secs")]
    private static partial Regex Share();

    [GeneratedRegex(@"^\s*\[([0-9]+)\]\s+(\S.*?)(?:\s+responses)?\s*$")]
    private static partial Regex Bracket();
}
