using ServeBench.Domain.Faults;
using ServeBench.Domain.Wording;
using ServeBench.Load.K6.Results;

namespace ServeBench.Runs.Importing;

/// <summary>A table with a heading, read row by row; columns are found by name, wherever they are.</summary>
internal sealed class ImportTable
{
    private readonly ImportFile _file;
    private readonly char _separator;
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);
    private List<string> _fields = [];
    private int _line;

    private ImportTable(ImportFile file, char separator)
    {
        _file = file;
        _separator = separator;
    }

    /// <summary>The names of a heading, if the line is one; quoted or not.</summary>
    public static IReadOnlyList<string> Heading(ImportFile file, char separator = ',')
    {
        var fields = new List<string>();
        if (file.FirstLine.Count(c => c == '"') % 2 == 0) CsvLine.Read(new StringReader(file.FirstLine), fields, separator);
        return fields;
    }

    /// <summary>Whether a table begins with these columns, quoted or not.</summary>
    public static bool IsHeading(ImportFile file, params ReadOnlySpan<string> columns)
    {
        var heading = Heading(file);
        if (heading.Count < columns.Length) return false;
        for (var i = 0; i < columns.Length; i++)
            if (!heading[i].Trim().Equals(columns[i], StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }

    /// <summary>Reads every row; the table itself stands for the one that it is at.</summary>
    /// <exception cref="RunFailedException">when a column is missing, or a row has other fields than the heading; says the
    /// line.</exception>
    public static IEnumerable<ImportTable> Rows(ImportFile file, char separator, params IReadOnlyList<string> needed)
    {
        var table = new ImportTable(file, separator);
        using var reader = file.Open();
        while (table.Next(reader))
        {
            if (table._columns.Count == 0)
            {
                table.Begin(needed);
                continue;
            }
            if (table._fields.Count == table._columns.Count && table._fields.TrueForAll(f => table.Has(f.Trim())))
                throw ImportFile.Several(table._line);
            if (table._fields.Count != table._columns.Count)
            {
                throw file.BadLine(table._line, $" has {Plural.Of(table._fields.Count, "field")} instead of {table._columns.Count}");
            }
            yield return table;
        }
        if (reader.EndsOpen && table._line > 1)
            file.Remarks.Add("the file's last line has no line end: the file may have been cut off there");
    }

    public bool Has(string column) => _columns.ContainsKey(column);

    /// <summary>The names of all columns.</summary>
    public IEnumerable<string> Columns => _columns.Keys;

    /// <returns>Empty when there is no such column.</returns>
    public string Text(string column) => _columns.TryGetValue(column, out var place) ? _fields[place] : "";

    /// <returns>Null when there is no such column, or nothing in it: empty, or N/A.</returns>
    /// <exception cref="RunFailedException">when something else is in it.</exception>
    public double? Optional(string column)
    {
        var text = Text(column).Trim();
        if (text.Length == 0 || text.Equals("N/A", StringComparison.OrdinalIgnoreCase)) return null;
        return Quantity.Number(text) ?? throw _file.BadLine(_line, $": '{Redaction.Quote(text)}' in column {column} is no number");
    }

    public double Number(string column) =>
        Optional(column) ?? throw _file.BadLine(_line, $": '{Redaction.Quote(Text(column))}' in column {column} is no number");

    /// <exception cref="RunFailedException">when it is no time, or a negative one.</exception>
    public long Nanoseconds(string column, double unit) =>
        Quantity.Nanoseconds(Number(column), unit)
            ?? throw _file.BadLine(_line, $": '{Redaction.Quote(Text(column))}' in column {column} is no length of time");

    /// <exception cref="RunFailedException">when it is no whole number; <c>1.000</c> is refused too, which means a thousand to
    /// some.</exception>
    public long? OptionalCount(string column) => Optional(column) is not { } value ? null
        : value is >= 0 and < 1e12 && value == Math.Floor(value) && !IsGrouped(Text(column))
            ? (long)value
            : throw _file.BadLine(_line, $": '{Redaction.Quote(Text(column))}' in column {column} is no count");

    public long Count(string column) =>
        OptionalCount(column) ?? throw _file.BadLine(_line, $": '{Redaction.Quote(Text(column))}' in column {column} is no count");

    private static bool IsGrouped(string text) =>
        text.Contains('.', StringComparison.Ordinal) && !text.TrimEnd().EndsWith(".0", StringComparison.Ordinal);

    /// <summary>A share of a hundred.</summary>
    /// <exception cref="RunFailedException">when it is none.</exception>
    public double Share(string column) => Number(column) is >= 0 and <= 100 and var share ? share
        : throw _file.BadLine(_line, $": '{Redaction.Quote(Text(column))}' in column {column} is no percentage");

    /// <summary>A status of HTTP; 0 where there was no answer.</summary>
    /// <exception cref="RunFailedException">when it is none.</exception>
    public int Status(string column) => FailureKind.StatusOf(Number(column))
        ?? throw _file.BadLine(_line, $": '{Redaction.Quote(Text(column))}' in column {column} is no status");

    private bool Next(BoundedText reader)
    {
        do
        {
            _line = reader.Lines + 1;
            if (!CsvLine.Read(reader, _fields, _separator)) return false;
        }
        while (_fields.Count == 1 && string.IsNullOrWhiteSpace(_fields[0]));
        return true;
    }

    private void Begin(IReadOnlyList<string> needed)
    {
        foreach (var name in _fields)
        {
            if (!_columns.TryAdd(name.Trim(), _columns.Count))
                throw _file.BadLine(_line, $" names the column {Redaction.Quote(name)} twice");
        }
        if (needed.Where(n => !Has(n)).ToArray() is { Length: > 0 } missing)
            throw _file.Bad($"lacks the columns {string.Join(", ", missing)}; it has {Redaction.Quote(string.Join(", ", _fields), 300)}");
        _fields = [];
    }
}
