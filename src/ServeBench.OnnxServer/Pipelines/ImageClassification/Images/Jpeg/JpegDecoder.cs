namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;

/// <summary>
/// JPEG of 8 bits, sequential or progressive, grey or of three or four colours (ITU T.81). Gives the pixels of libjpeg-turbo with its
/// default settings, which are Pillow's, and decodes no more of them than are wanted: blocks beside that part are only passed over.
/// </summary>
internal sealed class JpegDecoder : IImageDecoder
{
    /// <summary>An encoder makes ten; a file of thousands only costs time.</summary>
    private const int MostScans = 256;

    /// <summary>
    /// How often all coefficients may be looked at in a file of several scans. Encoders need four to six times; a scan that says in a few
    /// bytes that nothing changes looks at as many as any other.
    /// </summary>
    private const int MostPasses = 10;

    /// <summary>What a block costs in every scan beside its coefficients, in coefficients.</summary>
    private const int BlockCost = 8;

    /// <summary>Coefficients that any file may look at: a small image cannot cost much, however many scans it has.</summary>
    private const long LeastBudget = 1 << 22;

    private readonly JpegFile _file = new();
    private readonly JpegRows _rows = new();
    private readonly short[] _block = new short[JpegComponent.BlockSize];

    public string Format => "JPEG";

    public bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith<byte>([0xFF, 0xD8, 0xFF]);

    public ImageSize Measure(ReadOnlySpan<byte> file)
    {
        var at = _file.Begin();
        if (!_file.ReadSegments(file, ref at, onlyFrame: true) || _file.Size.Pixels == 0)
            throw UnreadableImageException.Damaged("it has no frame");
        return _file.Size;
    }

    public void Decode(ReadOnlySpan<byte> file, IPixelRows into)
    {
        var at = _file.Begin();
        if (!_file.ReadSegments(file, ref at)) throw UnreadableImageException.Damaged("it has no scan");
        foreach (var component in _file.Components)
            component.Lay(_file.Size, _file.MostAcross, _file.MostDown, _file.UnitsAcross);
        _rows.Begin(_file, into);
        try
        {
            if (!_file.IsProgressive && _file.Scan.Components.Count == _file.Components.Length) DecodeAtOnce(file, at);
            else DecodeInTurn(file, at);
        }
        finally
        {
            _file.Trim(IImageDecoder.KeptElements);
        }
    }

    private void DecodeInTurn(ReadOnlySpan<byte> file, int at)
    {
        using var turn = LargeImages.Enter(_file.Size);
        try
        {
            DecodeInScans(file, at);
        }
        finally
        {
            _file.Trim(IImageDecoder.KeptElements);
        }
    }

    /// <summary>One scan holds everything: each row of units becomes pixels before the next is read.</summary>
    private void DecodeAtOnce(ReadOnlySpan<byte> file, int at)
    {
        var bits = new BitReader(file, at);
        var units = 0;
        bool? hasEnd = null;
        for (var row = 0; row < _file.UnitsDown; row++)
        {
            var isNeeded = _rows.Needs(row);
            for (var column = 0; column < _file.UnitsAcross; column++)
            {
                RestartIfDue(ref bits, units++);
                foreach (var component in _file.Components) ReadUnit(ref bits, component, row, column, isNeeded);
            }
            if (bits.IsExhausted) throw UnreadableImageException.CutOff();
            _rows.Emit(row);
            // The rest is looked at only where it cannot be seen otherwise whether the file is whole.
            if (_rows.IsDone && (hasEnd ??= HasEnd(file, bits.Position))) return;
        }
    }

    private void ReadUnit(ref BitReader bits, JpegComponent component, int unitRow, int unitColumn, bool isNeeded)
    {
        for (var down = 0; down < component.Down; down++)
        {
            for (var across = 0; across < component.Across; across++)
            {
                var column = (unitColumn * component.Across) + across;
                if (!isNeeded || column < component.FirstBlock || column >= component.EndBlock)
                {
                    BlockReader.PassOver(ref bits, component);
                    continue;
                }
                Array.Clear(_block);
                var last = BlockReader.ReadWhole(ref bits, component, _block);
                var samples = component.Row(((unitRow * component.Down) + down) * JpegComponent.Block)[(column * JpegComponent.Block)..];
                InverseTransform.Run(_block, component.Quantiser, last > 0, samples, component.RowLength);
            }
        }
    }

    /// <summary>Several scans add to all coefficients, which then become pixels.</summary>
    private void DecodeInScans(ReadOnlySpan<byte> file, int at)
    {
        var all = 0L;
        foreach (var component in _file.Components)
        {
            component.KeepCoefficients(_file.UnitsDown);
            all += BlocksOf(component);
        }
        var budget = Math.Max(LeastBudget, MostPasses * JpegComponent.BlockSize * all);
        var scans = 0;
        do
        {
            if (++scans > MostScans) throw UnreadableImageException.NotRead($"a JPEG of more than {MostScans} scans");
            budget -= CostOfScan();
            if (budget < 0)
                throw UnreadableImageException.NotRead($"a JPEG whose scans read all coefficients more than {MostPasses} times");
            ReadScan(file, ref at);
        }
        while (_file.ReadSegments(file, ref at));
        foreach (var component in _file.Components)
        {
            if (!component.HasQuantiser) throw UnreadableImageException.CutOff();
        }
        for (var row = 0; row < _file.UnitsDown && !_rows.IsDone; row++)
        {
            if (!_rows.Needs(row)) continue;
            foreach (var component in _file.Components) Transform(component, row);
            _rows.Emit(row);
        }
    }

    /// <summary>How many coefficients the next scan looks at.</summary>
    private long CostOfScan()
    {
        var blocks = 0L;
        foreach (var component in _file.Scan.Components) blocks += BlocksOf(component);
        return blocks * (_file.Scan.Last - _file.Scan.First + 1 + BlockCost);
    }

    private long BlocksOf(JpegComponent component) => (long)component.Stride * _file.UnitsDown * component.Down;

    private void ReadScan(ReadOnlySpan<byte> file, ref int at)
    {
        var bits = new BitReader(file, at);
        var scan = _file.Scan;
        var run = 0;
        var units = 0;
        // A component that is alone has no units: only its own blocks, those that merely fill units up left out.
        var alone = scan.Components.Count == 1 ? scan.Components[0] : null;
        var (rows, columns) =
            alone is null ? (_file.UnitsDown, _file.UnitsAcross) : (alone.BlocksDown, alone.BlocksAcross);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (RestartIfDue(ref bits, units++)) run = 0;
                if (alone is not null)
                {
                    ReadBlock(ref bits, alone, alone.Coefficients(row, column), ref run);
                    continue;
                }
                foreach (var component in scan.Components)
                {
                    for (var block = 0; block < component.Across * component.Down; block++)
                    {
                        var place = component.Coefficients(
                            (row * component.Down) + (block / component.Across), (column * component.Across) + (block % component.Across));
                        ReadBlock(ref bits, component, place, ref run);
                    }
                }
            }
            if (bits.IsExhausted) throw UnreadableImageException.CutOff();
        }
        at = bits.Position;
    }

    private void ReadBlock(ref BitReader bits, JpegComponent component, Span<short> block, ref int run)
    {
        var scan = _file.Scan;
        if (!_file.IsProgressive) BlockReader.ReadWhole(ref bits, component, block);
        else if (scan.First == 0 && scan.High == 0) BlockReader.ReadFirst(ref bits, component, block, scan.Low);
        else if (scan.First == 0) BlockReader.RefineFirst(ref bits, block, scan.Low);
        else if (scan.High == 0) BlockReader.ReadOthers(ref bits, component, block, scan, ref run);
        else BlockReader.RefineOthers(ref bits, component, block, scan, ref run);
    }

    private static void Transform(JpegComponent component, int unitRow)
    {
        for (var down = 0; down < component.Down; down++)
        {
            var row = (unitRow * component.Down) + down;
            for (var column = component.FirstBlock; column < component.EndBlock; column++)
            {
                var block = component.Coefficients(row, column);
                var samples = component.Row(row * JpegComponent.Block)[(column * JpegComponent.Block)..];
                InverseTransform.Run(block, component.Quantiser, block[1..].ContainsAnyExcept((short)0), samples, component.RowLength);
            }
        }
    }

    /// <returns>True where the next unit begins anew.</returns>
    private bool RestartIfDue(ref BitReader bits, int units)
    {
        if (_file.RestartInterval == 0 || units == 0 || units % _file.RestartInterval != 0) return false;
        bits.Restart((units / _file.RestartInterval) - 1);
        foreach (var component in _file.Scan.Components) component.Predictor = 0;
        return true;
    }

    /// <summary>Whether the marker of the image's end is there.</summary>
    private static bool HasEnd(ReadOnlySpan<byte> file, int at) => file[Math.Min(at, file.Length)..].IndexOf<byte>([0xFF, 0xD9]) >= 0;
}
