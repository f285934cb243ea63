using System.Buffers.Binary;

namespace ServeBench.Models.References.Classification;

/// <summary>
/// Decodes JPEG files (ITU-T T.81) as the Independent JPEG Group's library does it with its defaults, which is what Pillow gives: the
/// accurate integer cosine transform, smooth upsampling of colours. Baseline and extended sequential files of 8 bits with one or three
/// colours, whose colours have full, half or quarter resolution: what the photographs of this repository are. It is written for
/// references and shares no code with any server.
/// </summary>
public sealed class ReferenceJpeg
{
    private const int BlockSize = 64;

    /// <summary>A file of some bytes may claim to hold an image of gigabytes.</summary>
    private const int MostPixels = 100_000_000;

    private static readonly byte[] ZigZag =
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    private readonly byte[] _file;
    private readonly int[][] _quantisation = new int[4][];
    private readonly ReferenceHuffman?[] _direct = new ReferenceHuffman?[4];
    private readonly ReferenceHuffman?[] _alternating = new ReferenceHuffman?[4];
    private JpegPlane[] _planes = [];
    private int _width;
    private int _height;
    private int _restartInterval;
    private bool _isJfif;
    private int? _adobeTransform;

    private ReferenceJpeg(byte[] file) => _file = file;

    /// <summary>
    /// Whether three colours are red, green and blue instead of light and two differences, by the rules of the Independent JPEG Group's
    /// library (jdapimin.c): JFIF says they are not, else Adobe's segment says it, else the colours' names do.
    /// </summary>
    private bool AreRgb => !_isJfif && (_adobeTransform is { } transform
        ? transform == 0
        : _planes.Select(p => p.Id).SequenceEqual([(int)'R', 'G', 'B']));

    private int MostHorizontal => _planes.Max(p => p.Horizontal);

    private int MostVertical => _planes.Max(p => p.Vertical);

    /// <param name="file">The file's bytes.</param>
    /// <exception cref="InvalidDataException">when it is no such file; the message says why.</exception>
    public static ReferenceImage Decode(byte[] file)
    {
        try
        {
            return new ReferenceJpeg(file).Read();
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException("the JPEG file ends too early or contradicts itself", e);
        }
    }

    private ReferenceImage Read()
    {
        if (_file.Length < 2 || _file[0] != 0xFF || _file[1] != 0xD8) throw new InvalidDataException("it does not begin as a JPEG file");
        var at = 2;
        while (true)
        {
            if (_file[at] != 0xFF) throw new InvalidDataException($"there is no marker at byte {at}");
            var marker = _file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            var segment = _file.AsSpan(at + 4, BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(at + 2)) - 2);
            at += 4 + segment.Length;
            switch (marker)
            {
                case 0xDB:
                    ReadQuantisation(segment);
                    break;
                case 0xC0 or 0xC1:
                    ReadFrame(segment);
                    break;
                case 0xC4:
                    ReadHuffman(segment);
                    break;
                case 0xDD:
                    _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case 0xE0 when segment.StartsWith("JFIF\0"u8):
                    _isJfif = true;
                    break;
                case 0xEE when segment.Length >= 12 && segment.StartsWith("Adobe"u8):
                    _adobeTransform = segment[11];
                    break;
                case 0xDA:
                    ReadScan(segment, at);
                    return JpegColours.Compose(_width, _height, _planes, AreRgb);
                case 0xC2 or 0xC3 or (>= 0xC5 and <= 0xC7) or (>= 0xC9 and <= 0xCF):
                    throw new InvalidDataException("only sequential JPEG files with Huffman codes are decoded here");
                default:
                    break; // comments, and what applications say
            }
        }
    }

    private void ReadQuantisation(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            var isWide = segment[0] >> 4 == 1;
            var table = _quantisation[segment[0] & 3] = new int[BlockSize];
            for (var i = 0; i < BlockSize; i++)
                table[ZigZag[i]] = isWide ? BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + (2 * i))..]) : segment[1 + i];
            segment = segment[(1 + (isWide ? 2 * BlockSize : BlockSize))..];
        }
    }

    private void ReadFrame(ReadOnlySpan<byte> segment)
    {
        _height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        _width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        if (segment[0] != 8 || _height == 0 || _width == 0 || (long)_width * _height > MostPixels || segment[5] is not (1 or 3))
            throw new InvalidDataException(
                $"only images of 8 bits with one or three colours and at most {MostPixels} pixels are decoded here");
        _planes = new JpegPlane[segment[5]];
        for (var i = 0; i < _planes.Length; i++)
        {
            var own = segment.Slice(6 + (3 * i), 3);
            // The sampling of a single colour means nothing.
            var sampling = _planes.Length == 1 ? 0x11 : own[1];
            if (sampling >> 4 is < 1 or > 4 || (sampling & 15) is < 1 or > 4)
                throw new InvalidDataException($"colour {i} is sampled {sampling >> 4} to {sampling & 15}");
            _planes[i] = new JpegPlane(own[0], sampling >> 4, sampling & 15, own[2] & 3);
        }
        foreach (var plane in _planes) plane.Allocate(_width, _height, MostHorizontal, MostVertical);
    }

    private void ReadHuffman(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            var tables = segment[0] >> 4 == 0 ? _direct : _alternating;
            tables[segment[0] & 3] = ReferenceHuffman.Read(segment[1..], out var length);
            segment = segment[(1 + length)..];
        }
    }

    private void ReadScan(ReadOnlySpan<byte> segment, int at)
    {
        if (_planes.Length == 0 || segment[0] != _planes.Length)
            throw new InvalidDataException("only files whose colours lie in one scan are decoded here");
        for (var i = 0; i < _planes.Length; i++)
        {
            var id = segment[1 + (2 * i)];
            var plane = _planes.FirstOrDefault(p => p.Id == id) ?? throw new InvalidDataException($"there is no colour {id}");
            (plane.Direct, plane.Alternating) = (segment[2 + (2 * i)] >> 4, segment[2 + (2 * i)] & 3);
        }
        var bits = new JpegBits(_file, at);
        var (across, down) = (Units(_width, MostHorizontal), Units(_height, MostVertical));
        for (var unit = 0; unit < across * down; unit++)
        {
            if (_restartInterval > 0 && unit > 0 && unit % _restartInterval == 0)
            {
                bits.Restart();
                foreach (var plane in _planes) plane.Predicted = 0;
            }
            foreach (var plane in _planes)
            {
                for (var block = 0; block < plane.Horizontal * plane.Vertical; block++)
                {
                    var column = (unit % across * plane.Horizontal) + (block % plane.Horizontal);
                    var row = (unit / across * plane.Vertical) + (block / plane.Horizontal);
                    ReadBlock(bits, plane, column, row);
                }
            }
        }
    }

    private void ReadBlock(JpegBits bits, JpegPlane plane, int column, int row)
    {
        var (direct, alternating) = (_direct[plane.Direct], _alternating[plane.Alternating]);
        var quantisation = _quantisation[plane.Quantisation];
        if (direct is null || alternating is null || quantisation is null) throw new InvalidDataException("a table is missing");
        Span<int> block = stackalloc int[BlockSize];
        block.Clear();
        plane.Predicted += bits.Signed(direct.Next(bits));
        block[0] = plane.Predicted * quantisation[0];
        for (var i = 1; i < BlockSize; i++)
        {
            var code = alternating.Next(bits);
            var (zeros, length) = (code >> 4, code & 15);
            if (length == 0 && zeros != 15) break;
            i += zeros;
            if (length > 0) block[ZigZag[i]] = bits.Signed(length) * quantisation[ZigZag[i]];
        }
        JpegCosine.Inverse(block, plane.Samples, (row * 8 * plane.Stride) + (column * 8), plane.Stride);
    }

    /// <summary>How many units of the sampling's size cover a side.</summary>
    private static int Units(int side, int most) => (side + (8 * most) - 1) / (8 * most);
}
