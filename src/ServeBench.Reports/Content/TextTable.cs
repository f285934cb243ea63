namespace ServeBench.Reports.Content;

/// <summary>Columns of plain text, each as wide as its widest cell.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <param name="rows">All with the same number of cells.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0) return [];
        var widths = Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(r => r[i].Length)).ToArray();
        return rows.Select(r => Gap + string.Join(Gap, r.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }

    /// <summary>What does not fit is cut and ends in an ellipsis.</summary>
    public static string Cut(string line, int width) => line.Length <= width ? line : line[..(width - 1)] + "…";
}
