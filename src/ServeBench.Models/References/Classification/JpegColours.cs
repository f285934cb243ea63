namespace ServeBench.Models.References.Classification;

/// <summary>One colour of a JPEG file: how it is sampled, and its samples.</summary>
internal sealed class JpegPlane(int id, int horizontal, int vertical, int quantisation)
{
    public int Id => id;

    public int Horizontal => horizontal;

    public int Vertical => vertical;

    public int Quantisation => quantisation;

    /// <summary>Which Huffman table the first coefficients of blocks have.</summary>
    public int Direct { get; set; }

    /// <summary>Which the others have.</summary>
    public int Alternating { get; set; }

    /// <summary>The first coefficient of the block before.</summary>
    public int Predicted { get; set; }

    /// <summary>Samples that belong to the image; blocks hold more.</summary>
    public int Width { get; private set; }

    public int Height { get; private set; }

    public int Stride { get; private set; }

    public byte[] Samples { get; private set; } = [];

    public void Allocate(int width, int height, int mostHorizontal, int mostVertical)
    {
        int Part(int side, int own, int most) => ((side * own) + most - 1) / most;
        int Whole(int side, int own, int most) => (side + (8 * most) - 1) / (8 * most) * own * 8;
        (Width, Height) = (Part(width, horizontal, mostHorizontal), Part(height, vertical, mostVertical));
        Stride = Whole(width, horizontal, mostHorizontal);
        Samples = new byte[Stride * Whole(height, vertical, mostVertical)];
    }

    public ReadOnlySpan<byte> Row(int row) => Samples.AsSpan(Math.Clamp(row, 0, Height - 1) * Stride, Width);
}

/// <summary>Puts the colours of a JPEG file together, as the Independent JPEG Group's library does it (jdsample.c, jdcolor.c).</summary>
internal static class JpegColours
{
    private const int Half = 1 << 15;

    /// <param name="areRgb">Whether three planes are red, green and blue; light and two differences otherwise.</param>
    public static ReferenceImage Compose(int width, int height, JpegPlane[] planes, bool areRgb)
    {
        var (horizontal, vertical) = (planes.Max(p => p.Horizontal), planes.Max(p => p.Vertical));
        var pixels = new byte[width * height * 3];
        var rows = planes.Select(_ => new byte[width + 2]).ToArray();
        for (var y = 0; y < height; y++)
        {
            for (var i = 0; i < planes.Length; i++)
                FillRow(planes[i], horizontal / planes[i].Horizontal, vertical / planes[i].Vertical, y, rows[i]);
            var into = pixels.AsSpan(y * width * 3, width * 3);
            for (var x = 0; x < width; x++)
            {
                var light = rows[0][x];
                if (planes.Length == 1) into.Slice(3 * x, 3).Fill(light);
                else if (areRgb) (into[3 * x], into[(3 * x) + 1], into[(3 * x) + 2]) = (light, rows[1][x], rows[2][x]);
                else Convert(light, rows[1][x] - 128, rows[2][x] - 128, into.Slice(3 * x, 3));
            }
        }
        return new ReferenceImage(width, height, pixels);
    }

    /// <summary>One row of a colour at the image's resolution.</summary>
    private static void FillRow(JpegPlane plane, int across, int down, int y, byte[] into)
    {
        switch (across, down)
        {
            case (1, 1):
                plane.Row(y).CopyTo(into);
                break;
            case (2, 1) when plane.Width > 2:
                Widen(plane.Row(y), into);
                break;
            case (2, 2) when plane.Width > 2:
                // Three quarters of the nearer row and one of the other.
                Widen(plane.Row(y / 2), plane.Row((y / 2) + (y % 2 == 0 ? -1 : 1)), into);
                break;
            case (2, 1 or 2):
                for (var x = 0; x < into.Length - 2; x++) into[x] = plane.Row(y / down)[x / 2];
                break;
            default:
                throw new InvalidDataException($"colours sampled 1 to {across} across and 1 to {down} down are not decoded here");
        }
    }

    private static void Widen(ReadOnlySpan<byte> row, byte[] into)
    {
        var last = row.Length - 1;
        for (var i = 0; i <= last; i++)
        {
            Put(into, 2 * i, i == 0 ? row[0] : ((3 * row[i]) + row[i - 1] + 1) >> 2);
            Put(into, (2 * i) + 1, i == last ? row[last] : ((3 * row[i]) + row[i + 1] + 2) >> 2);
        }
    }

    private static void Widen(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, byte[] into)
    {
        var last = near.Length - 1;
        for (var i = 0; i <= last; i++)
        {
            var own = (3 * near[i]) + far[i];
            var before = i == 0 ? own : (3 * near[i - 1]) + far[i - 1];
            var after = i == last ? own : (3 * near[i + 1]) + far[i + 1];
            Put(into, 2 * i, ((3 * own) + before + 8) >> 4);
            Put(into, (2 * i) + 1, ((3 * own) + after + 7) >> 4);
        }
    }

    /// <summary>A row of half as many samples may give one more than there are pixels.</summary>
    private static void Put(byte[] into, int at, int value)
    {
        if (at < into.Length) into[at] = (byte)value;
    }

    private static void Convert(int light, int blue, int red, Span<byte> into)
    {
        byte Shade(int value) => (byte)Math.Clamp(light + value, 0, 255);
        into[0] = Shade(((91881 * red) + Half) >> 16);
        into[1] = Shade(((-22554 * blue) - (46802 * red) + Half) >> 16);
        into[2] = Shade(((116130 * blue) + Half) >> 16);
    }
}
