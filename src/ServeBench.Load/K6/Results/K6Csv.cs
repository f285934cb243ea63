using System.Globalization;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Wording;

namespace ServeBench.Load.K6.Results;

/// <summary>Reads the raw output that k6 writes with <c>--out csv=FILE</c>, plain or compressed.</summary>
public static class K6Csv
{
    private static readonly string[] Required = ["metric_name", "timestamp", "metric_value"];

    /// <summary>Beyond that many different words, such as addresses with a number in them, none more is kept.</summary>
    private const int MostWords = 1 << 16;

    /// <summary>The rows of a file, one after the other.</summary>
    /// <exception cref="RunFailedException">when the file is not k6's, is cut off, or holds a value that cannot be; says the
    /// line.</exception>
    public static IEnumerable<K6Row> Read(string file)
    {
        using var reader = new BoundedText(new StreamReader(Open(file)));
        var fields = new List<string>();
        if (!Next(reader, fields, file, 1)) throw Bad(file, "is empty", "k6 has written nothing: look at its log");
        var columns = fields.Select((name, place) => (name, place)).ToLookup(c => c.name, c => c.place);
        if (Required.Where(name => !columns.Contains(name)).ToArray() is { Length: > 0 } missing)
            throw Bad(
                file,
                $"is no raw output of k6: it lacks the columns {string.Join(", ", missing)} and has {string.Join(", ", fields.Take(8))}",
                "Give a file that k6 has written with --out csv=FILE");
        var (metric, time, value) = (columns["metric_name"].First(), columns["timestamp"].First(), columns["metric_value"].First());
        int? Optional(string name) => columns.Contains(name) ? columns[name].First() : null;
        var (scenario, status, error, expected) =
            (Optional("scenario"), Optional("status"), Optional("error_code"), Optional("expected_response"));
        // k6 before 0.38 wrote no metadata.
        var (tags, metadata) = (Optional("extra_tags"), Optional("metadata"));
        // The same few words again and again: each is kept once.
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        var width = fields.Count;
        for (var line = 2; Next(reader, fields, file, line); line++)
        {
            // Files of several runners, put one after the other, keep their headings.
            if ((fields.Count == width && fields[metric] == "metric_name") || (fields.Count == 1 && fields[0].Length == 0)) continue;
            if (fields.Count != width)
                throw Bad(
                    file,
                    $"line {line} has {Plural.Of(fields.Count, "field")} instead of {width}",
                    "The file was cut off or changed: run k6 again");
            if (K6Timestamp.Nanoseconds(fields[time]) is not { } at)
                throw Bad(file, $"line {line}: '{fields[time]}' is no time", "Leave K6_CSV_TIME_FORMAT at what k6 knows");
            if (!double.TryParse(fields[value], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                || !double.IsFinite(number))
                throw Bad(file, $"line {line}: '{fields[value]}' is no number", "The file was cut off or changed: run k6 again");
            yield return new K6Row(
                Word(fields[metric]), at, number, Word(Of(scenario)), Word(Of(status)),
                int.TryParse(Of(error), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0,
                Word(Of(tags)),
                Of(metadata))
            {
                Expected = Word(Of(expected)),
                Line = line,
            };
        }

        string Of(int? column) => column is { } place ? fields[place] : "";
        string Word(string text) => words.TryGetValue(text, out var known) ? known : words.Count < MostWords ? words[text] = text : text;
    }

    private static Stream Open(string file)
    {
        try
        {
            return WholeGzipStream.Open(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Bad(file, $"cannot be read: {e.Message}", "Name a file that is there");
        }
    }

    private static bool Next(TextReader reader, List<string> fields, string file, int line)
    {
        try
        {
            return CsvLine.Read(reader, fields);
        }
        catch (InvalidDataException e)
        {
            throw Bad(
                file, $"is cut off in or after line {line - 1}: {e.Message}", "k6 was killed before it had written all: run it again");
        }
    }

    private static RunFailedException Bad(string file, string problem, string remedy) => new($"{file} {problem}", remedy);
}
