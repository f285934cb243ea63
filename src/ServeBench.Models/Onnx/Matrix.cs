namespace ServeBench.Models.Onnx;

/// <summary>Rearranging matrices.</summary>
internal static class Matrix
{
    /// <summary>Side of the square blocks: two of them fit the first-level cache.</summary>
    private const int Block = 32;

    /// <summary>
    /// Writes a row-major [rows, columns] matrix as [columns, rows], block by block so that the cache is not missed on every
    /// element.
    /// </summary>
    public static void Transpose<T>(ReadOnlySpan<T> from, int rows, int columns, Span<T> into)
    {
        if (from.Length != checked(rows * columns) || into.Length != from.Length)
            throw new ArgumentException($"[{rows}, {columns}] does not fit {from.Length} and {into.Length} elements", nameof(from));
        for (var rowBlock = 0; rowBlock < rows; rowBlock += Block)
        {
            var rowEnd = Math.Min(rows, rowBlock + Block);
            for (var columnBlock = 0; columnBlock < columns; columnBlock += Block)
            {
                var columnEnd = Math.Min(columns, columnBlock + Block);
                for (var column = columnBlock; column < columnEnd; column++)
                {
                    var target = into.Slice(column * rows, rows);
                    for (var row = rowBlock; row < rowEnd; row++) target[row] = from[(row * columns) + column];
                }
            }
        }
    }
}
