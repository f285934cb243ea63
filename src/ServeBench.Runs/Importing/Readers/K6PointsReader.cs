using System.Globalization;
using System.Text.Json;
using ServeBench.Load.K6.Results;

namespace ServeBench.Runs.Importing.Readers;

/// <summary><c>k6 run --out json=FILE</c>: one JSON object per line.</summary>
internal sealed class K6PointsReader : IImportReader
{
    public string Source => "k6, raw JSON";

    public string Made => "k6 run --out json=FILE";

    public bool Recognises(ImportFile file) => file.FirstLineIs(ImportFile.K6Line);

    public ImportedContent Read(ImportFile file) => K6Rows.Of(Points(file));

    private static IEnumerable<K6Row> Points(ImportFile file)
    {
        foreach (var (number, line) in file.Lines())
            if (Point(line, file, number) is { } row) yield return row;
    }

    private static K6Row? Point(string line, ImportFile file, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.GetProperty("type").GetString() != "Point") return null;
            var data = root.GetProperty("data");
            var tags = data.TryGetProperty("tags", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
            var time = K6Timestamp.Nanoseconds(data.GetProperty("time").GetString()) ?? throw new FormatException("its time is none");
            var value = data.GetProperty("value").GetDouble();
            if (!double.IsFinite(value)) throw new FormatException("its value is none");
            var all = tags.ValueKind == JsonValueKind.Object
                ? string.Join('&', tags.EnumerateObject().Select(t => $"{t.Name}={t.Value}"))
                : "";
            _ = int.TryParse(Tag(tags, "error_code"), NumberStyles.None, CultureInfo.InvariantCulture, out var error);
            return new K6Row(
                root.GetProperty("metric").GetString()!, time, value, Tag(tags, "scenario"), Tag(tags, "status"), error, all, "")
            {
                Expected = Tag(tags, "expected_response"),
                Line = number,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw file.BadLine(
                number, $" is no point of k6's: {(e is FormatException ? e.Message : "it is no whole JSON object of that kind")}");
        }
    }

    private static string Tag(JsonElement tags, string name) =>
        tags.ValueKind == JsonValueKind.Object && tags.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
