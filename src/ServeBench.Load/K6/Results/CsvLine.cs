namespace ServeBench.Load.K6.Results;

/// <summary>Splits records of comma-separated values (RFC 4180): fields may be quoted, and a quoted field may hold line breaks.</summary>
public static class CsvLine
{
    /// <summary>Reads the next record.</summary>
    /// <param name="reader">Where it is read from.</param>
    /// <param name="fields">Gets its fields; what it held before is lost.</param>
    /// <param name="separator">What separates fields.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">when the text ends inside a quoted field.</exception>
    public static bool Read(TextReader reader, List<string> fields, char separator = ',')
    {
        fields.Clear();
        if (reader.ReadLine() is not { } line) return false;
        if (!line.Contains('"', StringComparison.Ordinal))
        {
            var at = 0;
            for (var comma = line.IndexOf(separator, at); comma >= 0; comma = line.IndexOf(separator, at))
            {
                fields.Add(line[at..comma]);
                at = comma + 1;
            }
            fields.Add(line[at..]);
            return true;
        }
        if (line.Count(c => c == '"') % 2 == 1) line = Continued(line, reader);
        Split(line, fields, separator);
        return true;
    }

    private static string Continued(string line, TextReader reader)
    {
        var record = new System.Text.StringBuilder(line);
        for (var open = true; open;)
        {
            var next = reader.ReadLine() ?? throw new InvalidDataException("the text ends inside a quoted field");
            if (record.Length + next.Length > BoundedText.LongestLine)
                throw new InvalidDataException($"a quoted field is longer than {BoundedText.LongestLine} characters");
            record.Append('\n').Append(next);
            if (next.Count(c => c == '"') % 2 == 1) open = false;
        }
        return record.ToString();
    }

    private static void Split(string line, List<string> fields, char separator)
    {
        var field = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == separator && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }
        fields.Add(field.ToString());
    }
}
