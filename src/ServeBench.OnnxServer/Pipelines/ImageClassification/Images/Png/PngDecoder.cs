using System.IO.Compression;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Png;

/// <summary>
/// PNG of all colour types and depths. Of values of 16 bits the high ones count; transparency is left out, as are all images but the
/// first of an animation.
/// </summary>
internal sealed class PngDecoder : IImageDecoder
{
    /// <summary>Where the pixels of each pass of an interlaced image begin, and how far they are apart (W3C PNG, 8.2).</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly PngFile _file = new();
    private byte[] _row = [];
    private byte[] _above = [];
    private uint[] _whole = [];

    public string Format => "PNG";

    public bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith(PngFile.Signature);

    public ImageSize Measure(ReadOnlySpan<byte> file)
    {
        _file.ReadHeader(file);
        return _file.Size;
    }

    public void Decode(ReadOnlySpan<byte> file, IPixelRows into)
    {
        var data = _file.ReadData(file);
        using var packed = new MemoryStream(data.Array!, data.Offset, data.Count);
        using var rows = new ZLibStream(packed, CompressionMode.Decompress);
        try
        {
            if (_file.IsInterlaced) DecodePasses(rows, into);
            else DecodeRows(rows, into);
        }
        // What needs a dictionary ends with an IOException; memory gives no other.
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw UnreadableImageException.Damaged(e.Message);
        }
        finally
        {
            _file.Trim(IImageDecoder.KeptElements);
            if (_row.Length > IImageDecoder.KeptElements) (_row, _above) = ([], []);
        }
    }

    private void DecodeRows(ZLibStream rows, IPixelRows into)
    {
        var wanted = into.Wanted;
        var length = BeginRows(_file.Size.Width);
        for (var y = 0; y < wanted.Bottom; y++)
        {
            ReadRow(rows, length);
            if (y < wanted.Top) continue;
            PngPixels.Read(_file, _row.AsSpan(1, length), wanted.Left, into.Room[..wanted.Width]);
            into.Commit(y);
        }
    }

    private void DecodePasses(ZLibStream rows, IPixelRows into)
    {
        var (size, wanted) = (_file.Size, into.Wanted);
        using var turn = LargeImages.Enter(size);
        try
        {
            ReadPasses(rows, size);
            for (var y = wanted.Top; y < wanted.Bottom; y++)
            {
                _whole.AsSpan((y * size.Width) + wanted.Left, wanted.Width).CopyTo(into.Room);
                into.Commit(y);
            }
        }
        finally
        {
            if (_whole.Length > IImageDecoder.KeptElements) _whole = [];
        }
    }

    private void ReadPasses(ZLibStream rows, ImageSize size)
    {
        if (_whole.Length < size.Pixels) _whole = new uint[size.Pixels];
        foreach (var pass in Passes)
        {
            var width = Steps(size.Width, pass.X, pass.StepX);
            if (width == 0) continue;
            var length = BeginRows(width);
            for (var y = pass.Y; y < size.Height; y += pass.StepY)
            {
                ReadRow(rows, length);
                PngPixels.Read(_file, _row.AsSpan(1, length), 0, width, _whole.AsSpan((y * size.Width) + pass.X), pass.StepX);
            }
        }
    }

    /// <summary>Makes room for rows, with nothing above the first.</summary>
    /// <returns>Bytes of a row.</returns>
    private int BeginRows(int width)
    {
        var bits = (long)width * _file.ValuesOfPixel * _file.Depth;
        var length = (int)((bits + 7) / 8);
        if (_row.Length < length + 1) (_row, _above) = (new byte[length + 1], new byte[length + 1]);
        Array.Clear(_row);
        return length;
    }

    /// <summary>Reads a row, with its filter before it, and undoes the filter (W3C PNG, 9).</summary>
    private void ReadRow(ZLibStream rows, int length)
    {
        (_row, _above) = (_above, _row);
        if (rows.ReadAtLeast(_row.AsSpan(0, length + 1), length + 1, throwOnEndOfStream: false) <= length)
            throw UnreadableImageException.CutOff();
        var row = _row.AsSpan(1, length);
        var above = _above.AsSpan(1, length);
        var step = Math.Max(1, _file.ValuesOfPixel * _file.Depth / 8);
        switch (_row[0])
        {
            case 0:
                break;
            case 1:
                for (var i = step; i < length; i++) row[i] += row[i - step];
                break;
            case 2:
                for (var i = 0; i < length; i++) row[i] += above[i];
                break;
            case 3:
                for (var i = 0; i < length; i++) row[i] += (byte)(((i < step ? 0 : row[i - step]) + above[i]) >> 1);
                break;
            case 4:
                for (var i = 0; i < length; i++)
                    row[i] += i < step ? above[i] : Predict(row[i - step], above[i], above[i - step]);
                break;
            default:
                throw UnreadableImageException.Damaged($"a row has the filter {_row[0]}; PNG has 0 to 4");
        }
    }

    /// <summary>Which of left, above and above to the left is nearest to left + above - above to the left (Paeth).</summary>
    private static byte Predict(byte left, byte above, byte corner)
    {
        var (toLeft, toAbove) = (Math.Abs(above - corner), Math.Abs(left - corner));
        var toCorner = Math.Abs(left + above - (2 * corner));
        if (toLeft <= toAbove && toLeft <= toCorner) return left;
        return toAbove <= toCorner ? above : corner;
    }

    private static int Steps(int extent, int from, int step) => extent <= from ? 0 : (extent - from + step - 1) / step;
}
