using System.Globalization;
using ServeBench.Domain.Wording;

namespace ServeBench.Runs.Importing.Readers;

/// <summary><c>oha --output-format json</c>, earlier <c>--json</c> and <c>-j</c>: seconds.</summary>
internal sealed class OhaSummaryReader : IImportReader
{
    /// <summary>What was under way when the time was up: the end of the test, no failure.</summary>
    public const string Deadline = "aborted due to deadline";

    public string Source => "oha, summary";

    public string Made => "oha --output-format json";

    public bool Recognises(ImportFile file) =>
        file.Document is { } document
            && document.At("summary", "requestsPerSec") is not null
            && document.At("latencyPercentiles") is not null;

    public ImportedContent Read(ImportFile file)
    {
        var document = file.Document!;
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var (good, answered, unfinished) = (0L, 0L, 0L);
        foreach (var (code, count) in document.At("statusCodeDistribution")?.Members ?? new Dictionary<string, JsonOutline>())
        {
            var status = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            var many = Count(count);
            answered += many;
            if (FailureKind.IsSuccess(status)) good += many;
            else kinds[FailureKind.OfStatus(status)] = kinds.GetValueOrDefault(FailureKind.OfStatus(status)) + many;
        }
        foreach (var (error, count) in document.At("errorDistribution")?.Members ?? new Dictionary<string, JsonOutline>())
        {
            if (error == Deadline) unfinished += Count(count);
            else kinds[FailureKind.OfError(error)] = kinds.GetValueOrDefault(FailureKind.OfError(error)) + Count(count);
        }
        var failures = kinds.Values.Sum();
        if (good + failures == 0) throw file.Bad("holds no requests", "Give the output of a run that has made some");
        var apart = document.At("latencyPercentilesSuccessful") is { Members.Count: > 0 } successful ? successful : null;
        double? seconds = document.NumberAt("summary", "total") is > 0 and var total ? total : null;
        var result = new ImportedSummary
        {
            Requests = good + failures,
            Failures = failures,
            Kinds = kinds,
            WindowSeconds = seconds,
            RequestsPerSecond = good / seconds,
            Samples = apart is null ? answered : good,
            Service = Percentiles(apart ?? document.At("latencyPercentiles")!, file),
        };
        if (seconds is null) result.Lacks(Figures.Rate, "the file does not say how long the test took");
        if (unfinished > 0) result.Remarks.Add(Unfinished(unfinished));
        result.Remarks.Add(Computed(apart is not null || good == answered));
        return result;

        long Count(JsonOutline value) =>
            value.Number is >= 0 and < 1e12 and var number ? (long)number : throw file.Bad("has a count that cannot be");
    }

    public static string Unfinished(long requests) => $"not counted: {Plural.Of(requests, "request")} under way when oha's time was up";

    public static string Computed(bool ofSuccesses) =>
        ofSuccesses
            ? "percentiles were computed by oha"
            : "percentiles were computed by oha, which counts answers with failed statuses too";

    private static Dictionary<double, double> Percentiles(JsonOutline list, ImportFile file)
    {
        var found = new Dictionary<double, double>();
        foreach (var (name, value) in list.Members)
        {
            if (!name.StartsWith('p') || Quantity.Number(name.AsSpan(1)) is not { } share || value.Number is not { } seconds) continue;
            found[Math.Round(share / 100, 6)] = Quantity.Nanoseconds(seconds, 1e9) / 1e9 ?? throw file.Bad("has a latency that cannot be");
        }
        return found;
    }
}

/// <summary><c>oha --output-format csv</c>: every answer; requests without one are left out.</summary>
internal sealed class OhaCsvReader : IImportReader
{
    public string Source => "oha, CSV";

    public string Made => "oha --output-format csv";

    public bool Recognises(ImportFile file) =>
        ImportTable.Heading(file) is var heading && heading.Contains("request-start") && heading.Contains("request-duration");

    public ImportedContent Read(ImportFile file)
    {
        var result = new ImportedRequests();
        foreach (var row in ImportTable.Rows(file, ',', "request-start", "request-duration", "status"))
        {
            var status = row.Status("status");
            result.Add(
                row.Nanoseconds("request-start", 1e9),
                row.Nanoseconds("request-duration", 1e9),
                !FailureKind.IsSuccess(status),
                FailureKind.OfStatus(status));
        }
        result.Remarks.Add("oha leaves requests without an answer out of its CSV");
        return result;
    }
}
