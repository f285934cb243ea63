using System.Buffers.Binary;
using System.IO.Hashing;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Png;

/// <summary>Reads the chunks of a PNG file (W3C PNG, third edition, 5 and 11). Those that are not needed are passed over.</summary>
internal sealed class PngFile
{
    private const int PaletteEntry = 3;

    private readonly uint[] _palette = new uint[256];
    private byte[] _data = [];

    /// <summary>What every file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public ImageSize Size { get; private set; }

    /// <summary>Bits of a value: 1, 2, 4, 8 or 16.</summary>
    public int Depth { get; private set; }

    /// <summary>What the values of a pixel are.</summary>
    public PngColour Colour { get; private set; }

    public bool IsInterlaced { get; private set; }

    /// <summary>Colours by their numbers, as pixels; those that the file does not have are black.</summary>
    public ReadOnlySpan<uint> Palette => _palette;

    public int ValuesOfPixel => Colour switch { PngColour.Rgb => 3, PngColour.GreyAlpha => 2, PngColour.RgbAlpha => 4, _ => 1 };

    /// <summary>Reads the image's header, which is the first chunk.</summary>
    public void ReadHeader(ReadOnlySpan<byte> file)
    {
        var at = Signature.Length;
        var header = Next(file, ref at, out var type);
        if (type != "IHDR" || header.Length != 13) throw UnreadableImageException.Damaged("it has no header");
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(header), BinaryPrimitives.ReadUInt32BigEndian(header[4..]));
        if (width == 0 || height == 0) throw UnreadableImageException.Damaged($"its size is {width}x{height}");
        if (Math.Max(width, height) > IImageDecoder.MostSide) throw UnreadableImageException.TooLong(width, height);
        Size = new ImageSize((int)width, (int)height);
        (Depth, Colour, IsInterlaced) = (header[8], (PngColour)header[9], header[12] == 1);
        var depths = Colour switch
        {
            PngColour.Grey => [1, 2, 4, 8, 16],
            PngColour.Palette => [1, 2, 4, 8],
            PngColour.Rgb or PngColour.GreyAlpha or PngColour.RgbAlpha => (ReadOnlySpan<int>)[8, 16],
            _ => [],
        };
        if (!depths.Contains(Depth) || header[10] != 0 || header[11] != 0 || header[12] > 1)
            throw UnreadableImageException.Damaged(
                $"its header has the colour type {header[9]}, {header[8]} bits, compression {header[10]}, filter {header[11]}, "
                    + $"interlacing {header[12]}; PNG has no such combination");
    }

    /// <summary>Reads the rest.</summary>
    /// <returns>The compressed rows.</returns>
    public ArraySegment<byte> ReadData(ReadOnlySpan<byte> file)
    {
        ReadHeader(file);
        Array.Clear(_palette);
        if (_data.Length < file.Length) _data = new byte[file.Length];
        var (at, length, hasPalette) = (Signature.Length, 0, false);
        while (true)
        {
            var chunk = Next(file, ref at, out var type);
            switch (type)
            {
                case "PLTE":
                    ReadPalette(chunk);
                    hasPalette = true;
                    break;
                case "IDAT":
                    chunk.CopyTo(_data.AsSpan(length));
                    length += chunk.Length;
                    break;
                case "IEND" when length == 0 || (Colour == PngColour.Palette && !hasPalette):
                    throw UnreadableImageException.Damaged("it lacks its data or its palette");
                case "IEND":
                    return new ArraySegment<byte>(_data, 0, length);
            }
        }
    }

    /// <summary>Gives back what a large file has taken.</summary>
    public void Trim(int kept)
    {
        if (_data.Length > kept) _data = [];
    }

    private void ReadPalette(ReadOnlySpan<byte> chunk)
    {
        for (var i = 0; i < Math.Min(chunk.Length / PaletteEntry, _palette.Length); i++)
        {
            var entry = chunk.Slice(i * PaletteEntry, PaletteEntry);
            _palette[i] = (uint)(entry[0] | (entry[1] << 8) | (entry[2] << 16));
        }
    }

    /// <summary>Reads a chunk: its length, its type, its content and a sum over both.</summary>
    /// <param name="type">Its type, where it is one that is needed; else empty.</param>
    private static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> file, ref int at, out string type)
    {
        if (file.Length - at < 12) throw UnreadableImageException.CutOff();
        var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        if (length > file.Length - at - 12) throw UnreadableImageException.CutOff();
        var named = file.Slice(at + 4, 4);
        type = named.SequenceEqual("IHDR"u8) ? "IHDR"
            : named.SequenceEqual("PLTE"u8) ? "PLTE"
            : named.SequenceEqual("IDAT"u8) ? "IDAT"
            : named.SequenceEqual("IEND"u8) ? "IEND"
            : "";
        var content = file.Slice(at + 8, (int)length);
        var sum = BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]);
        if (type.Length > 0 && sum != Crc32.HashToUInt32(file.Slice(at + 4, (int)length + 4)))
            throw UnreadableImageException.Damaged($"the checksum of its chunk {type} is wrong");
        at += 12 + (int)length;
        return content;
    }
}

/// <summary>What the values of a pixel are (W3C PNG, table 9).</summary>
internal enum PngColour
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}
