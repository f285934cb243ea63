namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;

/// <summary>Reads the coefficients of blocks (ITU T.81, F.2.2 and G.2), which are given as they are so far.</summary>
internal static class BlockReader
{
    /// <summary>The largest number of bits that a difference of first coefficients has.</summary>
    private const int LongestDifference = 15;

    /// <summary>Reads a block that is coded at once.</summary>
    /// <param name="block">64 zeros.</param>
    /// <returns>The last place in the coded order that is not zero.</returns>
    public static int ReadWhole(ref BitReader bits, JpegComponent component, Span<short> block)
    {
        component.Predictor += Difference(ref bits, component.Dc);
        block[0] = (short)component.Predictor;
        var natural = JpegScan.Natural;
        var ac = component.Ac;
        var steps = ac.Steps;
        var last = 0;
        var (next, count) = bits.Next;
        for (var k = 1; k < JpegComponent.BlockSize; k++)
        {
            if (count < 32) (next, count) = bits.Refill(next, count);
            var step = steps[(int)(next >> (64 - HuffmanTable.FastBits))];
            if (step == 0)
            {
                var (symbol, length) = ac.Find(next);
                var size = symbol & 15;
                k += symbol >> 4;
                if (size == 0)
                {
                    (next, count) = (next << length, count - length);
                    if (symbol != JpegScan.SixteenZeros) break;
                    continue;
                }
                step = (uint)HuffmanTable.Extend((int)((next << length) >> (64 - size)), size) << 16;
                (next, count) = (next << (length + size), count - length - size);
            }
            else
            {
                (next, count) = (next << (byte)step, count - (byte)step);
                k += (byte)(step >> 8);
            }
            if (k >= JpegComponent.BlockSize)
            {
                if ((byte)(step >> 8) == HuffmanTable.RestOfBlock) break;
                throw Overrun();
            }
            block[natural[k]] = (short)(step >> 16);
            last = k;
        }
        bits.Return(next, count);
        return last;
    }

    /// <summary>As <see cref="ReadWhole"/>, and keeps nothing but what later blocks need.</summary>
    public static void PassOver(ref BitReader bits, JpegComponent component)
    {
        component.Predictor += Difference(ref bits, component.Dc);
        var ac = component.Ac;
        var skips = ac.Skips;
        var (next, count) = bits.Next;
        for (var k = 1; k < JpegComponent.BlockSize; k++)
        {
            if (count < 32) (next, count) = bits.Refill(next, count);
            int skip = skips[(int)(next >> (64 - HuffmanTable.FastBits))];
            if (skip == 0)
            {
                var (symbol, length) = ac.Find(next);
                var size = symbol & 15;
                k += symbol >> 4;
                (next, count) = (next << (length + size), count - length - size);
                if (size != 0 && k >= JpegComponent.BlockSize) throw Overrun();
                if (size == 0 && symbol != JpegScan.SixteenZeros) break;
                continue;
            }
            (next, count) = (next << (byte)skip, count - (byte)skip);
            k += skip >> 8;
            if (k < JpegComponent.BlockSize) continue;
            if (skip >> 8 == HuffmanTable.RestOfBlock) break;
            throw Overrun();
        }
        bits.Return(next, count);
    }

    /// <summary>Reads the high bits of a first coefficient.</summary>
    public static void ReadFirst(ref BitReader bits, JpegComponent component, Span<short> block, int low)
    {
        component.Predictor += Difference(ref bits, component.Dc);
        block[0] = (short)(component.Predictor << low);
    }

    /// <summary>Reads one more bit of a first coefficient.</summary>
    public static void RefineFirst(ref BitReader bits, Span<short> block, int low)
    {
        bits.Need32();
        if (bits.Number(1) != 0) block[0] |= (short)(1 << low);
    }

    /// <summary>Reads the high bits of other coefficients.</summary>
    /// <param name="run">Blocks that have none any more, this one included.</param>
    public static void ReadOthers(ref BitReader bits, JpegComponent component, Span<short> block, JpegScan scan, ref int run)
    {
        if (run > 0)
        {
            run--;
            return;
        }
        var natural = JpegScan.Natural;
        for (var k = scan.First; k <= scan.Last; k++)
        {
            bits.Need32();
            var symbol = bits.Symbol(component.Ac);
            var (zeros, size) = (symbol >> 4, symbol & 15);
            if (size == 0)
            {
                if (zeros < 15)
                {
                    run = RunLength(ref bits, zeros) - 1;
                    return;
                }
                k += zeros;
                continue;
            }
            k += zeros;
            if (k > scan.Last) throw Overrun();
            block[natural[k]] = (short)(bits.Coefficient(size) << scan.Low);
        }
    }

    /// <summary>Reads one more bit of those other coefficients that are not zero, and which of the rest become so.</summary>
    /// <inheritdoc cref="ReadOthers"/>
    public static void RefineOthers(ref BitReader bits, JpegComponent component, Span<short> block, JpegScan scan, ref int run)
    {
        var k = scan.First;
        if (run == 0)
        {
            for (; k <= scan.Last; k++)
            {
                bits.Need32();
                var symbol = bits.Symbol(component.Ac);
                var (zeros, size) = (symbol >> 4, symbol & 15);
                short value = 0;
                if (size == 1)
                {
                    value = (short)(bits.Number(1) != 0 ? 1 << scan.Low : -1 << scan.Low);
                }
                else if (size != 0)
                {
                    throw UnreadableImageException.Damaged("a coefficient begins with more than one bit");
                }
                else if (zeros < 15)
                {
                    run = RunLength(ref bits, zeros);
                    break;
                }
                k = RefineUpTo(ref bits, block, scan, k, zeros);
                if (value == 0) continue;
                if (k > scan.Last) throw Overrun();
                block[JpegScan.Natural[k]] = value;
            }
        }
        if (run == 0) return;
        RefineUpTo(ref bits, block, scan, k, int.MaxValue);
        run--;
    }

    /// <summary>Refines what is not zero, and passes over so many zeros.</summary>
    /// <returns>Where the next zero stands after them.</returns>
    private static int RefineUpTo(ref BitReader bits, Span<short> block, JpegScan scan, int k, int zeros)
    {
        var bit = 1 << scan.Low;
        for (; k <= scan.Last; k++)
        {
            ref var value = ref block[JpegScan.Natural[k]];
            if (value == 0)
            {
                if (zeros-- == 0) break;
                continue;
            }
            bits.Need32();
            if (bits.Number(1) != 0 && (value & bit) == 0) value += (short)(value > 0 ? bit : -bit);
        }
        return k;
    }

    private static int Difference(ref BitReader bits, HuffmanTable dc)
    {
        bits.Need32();
        var size = bits.Symbol(dc);
        if (size > LongestDifference) throw UnreadableImageException.Damaged("a difference has too many bits");
        return size == 0 ? 0 : bits.Coefficient(size);
    }

    private static int RunLength(ref BitReader bits, int size) => size == 0 ? 1 : (1 << size) + bits.Number(size);

    private static UnreadableImageException Overrun() => UnreadableImageException.Damaged("a block has more than 64 coefficients");
}
