using System.Buffers.Binary;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;

/// <summary>Reads the marker segments of a JPEG file (ITU T.81, annex B) up to the next scan.</summary>
internal sealed class JpegFile
{
    private const int MostComponents = 4;
    private const int MostBlocksOfUnit = 10;
    private const int Tables = 4;

    private readonly JpegComponent[] _components = [new(), new(), new(), new()];
    private readonly HuffmanTable?[] _dc = new HuffmanTable?[Tables];
    private readonly HuffmanTable?[] _ac = new HuffmanTable?[Tables];
    private readonly HuffmanTable[] _kept = [.. Enumerable.Range(0, 2 * Tables).Select(_ => new HuffmanTable())];
    private readonly ushort[]?[] _quantisers = new ushort[]?[Tables];
    private readonly ushort[][] _keptQuantisers = [.. Enumerable.Range(0, Tables).Select(_ => new ushort[JpegComponent.BlockSize])];
    private int _count;
    private bool _hasJfif;
    private int _adobe;

    public ImageSize Size { get; private set; }

    public bool IsProgressive { get; private set; }

    public ReadOnlySpan<JpegComponent> Components => _components.AsSpan(0, _count);

    /// <summary>Blocks of a unit in the component that has most, across and down.</summary>
    public int MostAcross { get; private set; }

    /// <inheritdoc cref="MostAcross"/>
    public int MostDown { get; private set; }

    public int UnitsAcross => DivideUp(Size.Width, MostAcross * JpegComponent.Block);

    public int UnitsDown => DivideUp(Size.Height, MostDown * JpegComponent.Block);

    /// <summary>Units between restart markers; 0 where there are none.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>The scan that follows.</summary>
    public JpegScan Scan { get; } = new();

    /// <summary>True where three components are red, green and blue as they are, as libjpeg tells it.</summary>
    public bool IsRgb => _adobe >= 0
        ? _adobe == 0
        : !_hasJfif && _components[0].Id == 'R' && _components[1].Id == 'G' && _components[2].Id == 'B';

    /// <summary>True where four components are luminance, colour differences and black.</summary>
    public bool IsYcck => _adobe == 2;

    /// <summary>True where four components are inks of which 255 is none.</summary>
    public bool IsInverted => _adobe >= 0;

    /// <summary>Begins with a new file.</summary>
    /// <returns>Where its first segment begins.</returns>
    public int Begin()
    {
        (Size, _count, RestartInterval, _hasJfif, _adobe, IsProgressive) = (default, 0, 0, false, -1, false);
        Array.Clear(_dc);
        Array.Clear(_ac);
        Array.Clear(_quantisers);
        return 2;
    }

    /// <summary>Reads segments up to the head of a scan, or up to the frame's head where no more is wanted.</summary>
    /// <param name="file">The file.</param>
    /// <param name="at">Where to begin; then, where the scan's data begin.</param>
    /// <param name="onlyFrame">True to end behind the frame's head.</param>
    /// <returns>False when the image has ended.</returns>
    public bool ReadSegments(ReadOnlySpan<byte> file, ref int at, bool onlyFrame = false)
    {
        while (true)
        {
            at = BitReader.NextMarker(file, at);
            if (at + 1 >= file.Length) throw UnreadableImageException.CutOff();
            var marker = file[at + 1];
            at += 2;
            if (marker == 0xD9) return false;
            // Markers without a segment: restarts that were left over, and one for private use.
            if (marker is (>= 0xD0 and <= 0xD7) or 0x01) continue;
            if (at + 2 > file.Length) throw UnreadableImageException.CutOff();
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2)
                throw UnreadableImageException.Damaged($"a segment has the length {length}, less than the 2 bytes of the length itself");
            if (at + length > file.Length) throw UnreadableImageException.CutOff();
            var segment = file.Slice(at + 2, length - 2);
            at += length;
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2:
                    ReadFrame(segment, marker == 0xC2);
                    if (onlyFrame) return true;
                    break;
                case 0xC4:
                    ReadHuffmanTables(segment);
                    break;
                case >= 0xC3 and <= 0xCF and not 0xC8:
                    throw UnreadableImageException.NotRead("a lossless, hierarchical or arithmetically coded JPEG");
                case 0xDA:
                    ReadScan(segment);
                    return true;
                case 0xDB:
                    ReadQuantisers(segment);
                    break;
                case 0xDC:
                    throw UnreadableImageException.NotRead("a JPEG whose height follows its data (DNL)");
                case 0xDD:
                    RestartInterval = segment.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(segment) : throw Short("restart interval");
                    break;
                case 0xE0:
                    _hasJfif |= segment.StartsWith("JFIF\0"u8);
                    break;
                case 0xEE when segment.Length >= 12 && segment.StartsWith("Adobe"u8):
                    _adobe = segment[11];
                    break;
            }
        }
    }

    /// <summary>Gives back what a large image has taken.</summary>
    public void Trim(int kept)
    {
        foreach (var component in _components) component.Trim(kept);
    }

    private void ReadFrame(ReadOnlySpan<byte> segment, bool isProgressive)
    {
        if (_count > 0) throw UnreadableImageException.Damaged("it has two frames");
        if (segment.Length < 6 || segment.Length < 6 + (3 * segment[5])) throw Short("frame");
        if (segment[0] != 8) throw UnreadableImageException.NotRead($"a JPEG of {segment[0]} bits");
        IsProgressive = isProgressive;
        Size = new ImageSize(BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), BinaryPrimitives.ReadUInt16BigEndian(segment[1..]));
        if (Size.Pixels == 0) throw UnreadableImageException.Damaged($"its size is {Size}");
        _count = segment[5];
        if (_count is not (1 or 3 or MostComponents)) throw UnreadableImageException.NotRead($"a JPEG of {_count} colours");
        var blocks = 0;
        (MostAcross, MostDown) = (1, 1);
        for (var i = 0; i < _count; i++)
        {
            var entry = segment[(6 + (3 * i))..];
            var component = _components[i];
            component.Id = entry[0];
            (component.Across, component.Down) = (entry[1] >> 4, entry[1] & 15);
            (component.QuantiserId, component.HasQuantiser) = (entry[2], false);
            if (component.Across is < 1 or > 4 || component.Down is < 1 or > 4 || component.QuantiserId >= Tables)
                throw UnreadableImageException.Damaged(
                    $"a colour has sampling factors {component.Across}x{component.Down} and quantisation table {component.QuantiserId}; "
                        + "JPEG allows factors of 1 to 4 and tables 0 to 3");
            // A colour that is alone is not interleaved with anything: libjpeg, too, goes by blocks then.
            if (_count == 1) (component.Across, component.Down) = (1, 1);
            blocks += component.Across * component.Down;
            (MostAcross, MostDown) = (Math.Max(MostAcross, component.Across), Math.Max(MostDown, component.Down));
        }
        if (blocks > MostBlocksOfUnit)
            throw UnreadableImageException.Damaged($"its units have {blocks} blocks; JPEG allows {MostBlocksOfUnit}");
    }

    private void ReadHuffmanTables(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            if (segment.Length < 17) throw Short("Huffman table");
            var (kind, id) = (segment[0] >> 4, segment[0] & 15);
            var counts = segment.Slice(1, 16);
            var symbols = 0;
            foreach (var count in counts) symbols += count;
            if (kind > 1 || id >= Tables || symbols > 256) throw UnreadableImageException.Damaged(
                $"a Huffman table has class {kind}, number {id} and {symbols} symbols; JPEG allows up to 1, 3 and 256");
            if (segment.Length < 17 + symbols) throw Short("Huffman table");
            var table = _kept[(kind * Tables) + id];
            table.Set(counts, segment.Slice(17, symbols));
            (kind == 0 ? _dc : _ac)[id] = table;
            segment = segment[(17 + symbols)..];
        }
    }

    private void ReadQuantisers(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            var (isLong, id) = (segment[0] >> 4, segment[0] & 15);
            var length = 1 + (JpegComponent.BlockSize * (isLong + 1));
            if (isLong > 1 || id >= Tables) throw UnreadableImageException.Damaged(
                $"a quantisation table has precision {isLong} and number {id}; JPEG allows up to 1 and 3");
            if (segment.Length < length) throw Short("quantisation table");
            var into = _quantisers[id] = _keptQuantisers[id];
            for (var i = 0; i < JpegComponent.BlockSize; i++)
                into[JpegScan.Natural[i]] = isLong == 1 ? BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + (2 * i))..]) : segment[1 + i];
            segment = segment[length..];
        }
    }

    private void ReadScan(ReadOnlySpan<byte> segment)
    {
        if (_count == 0) throw UnreadableImageException.Damaged("a scan precedes the frame");
        if (segment.Length < 4 || segment[0] is < 1 or > MostComponents || segment.Length < 4 + (2 * segment[0])) throw Short("scan");
        Scan.Begin();
        for (var i = 0; i < segment[0]; i++)
        {
            var (id, tables) = (segment[1 + (2 * i)], segment[2 + (2 * i)]);
            var component = Array.Find(_components[.._count], c => c.Id == id)
                ?? throw UnreadableImageException.Damaged($"a scan is of colour {id}, which the frame does not have");
            if (Scan.Components.Contains(component)) throw UnreadableImageException.Damaged("a scan has a colour twice");
            Scan.Add(component, tables >> 4, tables & 15);
        }
        var rest = segment[(1 + (2 * segment[0]))..];
        Scan.Limit(rest[0], rest[1], rest[2] >> 4, rest[2] & 15, IsProgressive);
        foreach (var component in Scan.Components) Prepare(component);
    }

    /// <summary>Gives a component the tables that hold for the scan.</summary>
    private void Prepare(JpegComponent component)
    {
        var (dc, ac) = Scan.TablesOf(component);
        if (Scan.NeedsDc) component.Dc = Table(_dc, dc);
        if (Scan.NeedsAc) component.Ac = Table(_ac, ac);
        if (!IsProgressive) component.Ac.MakeSteps();
        component.Predictor = 0;
        if (component.HasQuantiser) return;
        var quantiser = _quantisers[component.QuantiserId] ?? throw UnreadableImageException.Damaged("a quantisation table is missing");
        for (var i = 0; i < JpegComponent.BlockSize; i++) component.Quantiser[i] = quantiser[i];
        component.HasQuantiser = true;
    }

    private static HuffmanTable Table(HuffmanTable?[] tables, int id) =>
        (id < Tables ? tables[id] : null) ?? throw UnreadableImageException.Damaged("a Huffman table is missing");

    private static UnreadableImageException Short(string what) => UnreadableImageException.Damaged($"its {what} is too short");

    private static int DivideUp(int a, int b) => (a + b - 1) / b;
}
