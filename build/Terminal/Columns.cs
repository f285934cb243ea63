namespace ServeBench.Build.Terminal;

/// <summary>Lays rows out in columns as wide as their widest cell, for lists on the terminal.</summary>
public static class Columns
{
    private const string Gap = "  ";

    /// <param name="rows">All of one length; the first may be a heading.</param>
    public static IEnumerable<string> Align(IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0) return [];
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        return rows.Select(row => string.Join(Gap, row.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd());
    }
}
