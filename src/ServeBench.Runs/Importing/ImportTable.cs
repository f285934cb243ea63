using ServeBench.Domain.Faults;
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
            if (table._fields.Count != table._columns.Count)
            {
                throw file.BadLine(table._line, $" has {table._fields.Count} fields instead of {table._columns.Count}");
            }
            yield return table;
        }
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

    public long? OptionalCount(string column) => Optional(column) is not { } value ? null
        : value is >= 0 and < 1e12
            ? (long)value
            : throw _file.BadLine(_line, $": '{Redaction.Quote(Text(column))}' in column {column} is no count");

    private bool Next(TextReader reader)
    {
        do
        {
            if (!CsvLine.Read(reader, _fields, _separator)) return false;
            _line++;
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
