using System.Globalization;
using System.Text.Json;
using ServeBench.Load.K6.Results;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// vegeta's results one by one, as <c>vegeta encode</c> writes them, and <c>vegeta dump</c> before it: as JSON lines, or as CSV without a
/// heading.
/// </summary>
internal sealed class VegetaResultsReader : IImportReader
{
    public string Source => "vegeta, results";

    public string Made => "vegeta encode --to=json, or --to=csv";

    public bool Recognises(ImportFile file) => file.FirstLineIs(ImportFile.VegetaLine) || IsCsv(file);

    public ImportedContent Read(ImportFile file)
    {
        var result = new ImportedRequests();
        if (IsCsv(file)) ReadCsv(file, result);
        else foreach (var (number, line) in file.Lines()) ReadLine(file, number, line, result);
        return result;
    }

    private static bool IsCsv(ImportFile file) =>
        ImportTable.Heading(file) is [{ Length: 19 } time, { Length: <= 3 } code, var latency, var sent, var received, ..] fields
            && fields.Count is >= 6 and <= 14
            && time.All(char.IsAsciiDigit)
            && Quantity.Count(code) is not null
            && Quantity.Number(latency) is >= 0 && Quantity.Number(sent) is >= 0 && Quantity.Number(received) is >= 0;

    private static void ReadCsv(ImportFile file, ImportedRequests result)
    {
        using var reader = file.Open();
        var fields = new List<string>();
        for (var line = 1; CsvLine.Read(reader, fields); line++)
        {
            if (fields.Count == 1 && fields[0].Length == 0) continue;
            if (fields.Count < 6
                || K6Timestamp.Nanoseconds(fields[0]) is not { } sent
                || Quantity.Count(fields[1]) is not { } code
                || Quantity.Number(fields[2]) is not { } latency)
                throw file.BadLine(line, " is no result of vegeta's");
            Add(file, line, result, sent, code, latency, fields[5]);
        }
    }

    private static void ReadLine(ImportFile file, int number, string line, ImportedRequests result)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var sent = K6Timestamp.Nanoseconds(root.GetProperty("timestamp").GetString()) ?? throw new FormatException();
            var error = root.TryGetProperty("error", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
            Add(file, number, result, sent, root.GetProperty("code").GetInt64(), root.GetProperty("latency").GetDouble(), error);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw file.BadLine(number, " is no result of vegeta's");
        }
    }

    private static void Add(ImportFile file, int line, ImportedRequests result, long sent, long code, double latency, string error)
    {
        var duration = Quantity.Nanoseconds(latency, 1)
            ?? throw file.BadLine(line, $": {latency.ToString(CultureInfo.InvariantCulture)} is no length of time");
        var status = FailureKind.StatusOf(code)
            ?? throw file.BadLine(line, $": {code.ToString(CultureInfo.InvariantCulture)} is no status");
        var failed = error.Length > 0 || !FailureKind.IsSuccess(status);
        result.Add(sent, duration, failed, status > 0 ? FailureKind.OfStatus(status) : FailureKind.OfError(error));
    }
}
