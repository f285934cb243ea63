using System.Globalization;
using ServeBench.Domain.Faults;
using ServeBench.Load.K6.Results;

namespace ServeBench.Runs.Importing;

/// <summary>Reads the tables, one line per request, of hey and ab.</summary>
internal static class TableImport
{
    /// <summary>Reads <c>hey -o csv</c>: seconds to a tenth of a millisecond.</summary>
    public static ImportedRequests OfHey(string file)
    {
        var result = new ImportedRequests();
        foreach (var row in Rows(file, ',', ["response-time", "offset"]))
        {
            result.Requests.Add(new ImportedRequest(Nanoseconds(row("offset"), 1e9), Nanoseconds(row("response-time"), 1e9), null));
        }
        result.Remarks.Add("hey leaves requests that failed out of its CSV, so failures are not known");
        return result;
    }

    /// <summary>Reads <c>ab -g</c>: whole milliseconds, and the time of day in whole seconds.</summary>
    public static ImportedRequests OfAb(string file)
    {
        var result = new ImportedRequests();
        foreach (var row in Rows(file, '\t', ["seconds", "ttime"]))
        {
            result.Requests.Add(new ImportedRequest(null, Nanoseconds(row("ttime"), 1e6), null));
        }
        result.Remarks.Add("ab writes times in whole milliseconds and starts in whole seconds, and does not say which requests failed, so rate and failures are not known");
        return result;
    }

    private static long Nanoseconds(double value, double unit) => (long)Math.Round(value * unit);

    /// <summary>Each row as a function from column to number.</summary>
    /// <exception cref="RunFailedException">when a column is missing, or a value is no number; says the line.</exception>
    public static IEnumerable<Func<string, double>> Rows(string file, char separator, IReadOnlyList<string> needed)
    {
        using var reader = ImportFormat.Open(file);
        var fields = new List<string>();
        if (!CsvLine.Read(reader, fields, separator)) throw new RunFailedException($"{file} is empty", "Run the tool again");
        var columns = fields.Select((name, place) => (name, place)).ToDictionary(c => c.name, c => c.place);
        if (needed.Where(n => !columns.ContainsKey(n)).ToArray() is { Length: > 0 } missing)
            throw new RunFailedException($"{file} lacks the columns {string.Join(", ", missing)}; it has {string.Join(", ", fields)}", "Give the file as the tool has written it");
        var width = fields.Count;
        for (var line = 2; CsvLine.Read(reader, fields, separator); line++)
        {
            var (row, number) = (fields.ToArray(), line);
            if (row.Length != width) throw new RunFailedException($"{file} line {line} has {row.Length} fields instead of {width}", "The file was cut off or changed: run the tool again");
            yield return name => double.TryParse(row[columns[name]], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new RunFailedException($"{file} line {number}: '{row[columns[name]]}' in column {name} is no number", "The file was cut off or changed: run the tool again");
        }
    }
}
