namespace ServeBench.Reports.Content;

/// <summary>Columns of plain text, each as wide as its widest cell.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <param name="rows">All with the same number of cells.</param>
    /// <param name="width">Longest line; what does not fit is cut and ends in an ellipsis.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string[]> rows, int width)
    {
        if (rows.Count == 0) return [];
        var widths = Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(r => r[i].Length)).ToArray();
        return rows.Select(r => Cut(Gap + string.Join(Gap, r.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd(), width));
    }

    private static string Cut(string line, int width) => line.Length <= width ? line : line[..(width - 1)] + "…";
}
