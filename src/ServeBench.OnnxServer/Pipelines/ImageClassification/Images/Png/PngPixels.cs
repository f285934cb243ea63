namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Png;

/// <summary>Makes pixels of the bytes of a row.</summary>
internal static class PngPixels
{
    /// <summary>Neighbouring pixels from a column on.</summary>
    public static void Read(PngFile file, ReadOnlySpan<byte> row, int from, Span<uint> into) =>
        Read(file, row, from, into.Length, into, 1);

    /// <param name="from">The first column of the row.</param>
    /// <param name="count">How many.</param>
    /// <param name="into">Receives them.</param>
    /// <param name="step">How far apart.</param>
    public static void Read(PngFile file, ReadOnlySpan<byte> row, int from, int count, Span<uint> into, int step)
    {
        // Of values of two bytes the first is the high one.
        var value = file.Depth == 16 ? 2 : 1;
        var pixel = file.ValuesOfPixel * value;
        switch (file.Colour)
        {
            case PngColour.Rgb or PngColour.RgbAlpha:
                for (int i = 0, at = from * pixel; i < count; i++, at += pixel)
                    into[i * step] = (uint)(row[at] | (row[at + value] << 8) | (row[at + (2 * value)] << 16));
                break;
            case PngColour.Palette:
                for (var i = 0; i < count; i++) into[i * step] = file.Palette[Value(row, from + i, file.Depth)];
                break;
            case PngColour.Grey when file.Depth < 8:
                var scale = 0x010101u * (uint)(255 / ((1 << file.Depth) - 1));
                for (var i = 0; i < count; i++) into[i * step] = (uint)Value(row, from + i, file.Depth) * scale;
                break;
            default:
                for (int i = 0, at = from * pixel; i < count; i++, at += pixel) into[i * step] = row[at] * 0x010101u;
                break;
        }
    }

    /// <summary>A value of eight bits or fewer; the first ones are the high ones of a byte.</summary>
    private static int Value(ReadOnlySpan<byte> row, int index, int depth)
    {
        var bit = (long)index * depth;
        return (row[(int)(bit >> 3)] >> (8 - depth - (int)(bit & 7))) & ((1 << depth) - 1);
    }
}
