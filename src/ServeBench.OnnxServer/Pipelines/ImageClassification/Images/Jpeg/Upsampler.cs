using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;

/// <summary>
/// Gives a row of a component in the image's own width, as libjpeg's "fancy upsampling" does it: a sample is three quarters of the nearest
/// one and a quarter of the next nearest, across and down. Components that are sampled otherwise are repeated.
/// </summary>
internal sealed class Upsampler
{
    /// <summary>Elements behind a row that vector instructions may write.</summary>
    private const int Slack = 48;

    private byte[] _row = [];
    private ushort[] _sums = [];
    private JpegComponent _component = null!;
    private Method _method;
    private int _across;
    private int _down;
    private int _left;
    private int _right;

    private enum Method
    {
        None,
        Repeat,
        Across,
        Down,
        Both,
    }

    /// <summary>True where a row needs those beside it.</summary>
    public bool NeedsNeighbours => _method is Method.Down or Method.Both;

    /// <param name="component">Whose rows.</param>
    /// <param name="file">Its file.</param>
    /// <param name="wanted">The columns of the image that are wanted; the component's blocks for them are noted.</param>
    public void Begin(JpegComponent component, JpegFile file, PixelArea wanted)
    {
        _component = component;
        if (file.MostAcross % component.Across != 0 || file.MostDown % component.Down != 0)
            throw UnreadableImageException.NotRead("a JPEG whose colours are sampled in fractions of each other");
        (_across, _down) = (file.MostAcross / component.Across, file.MostDown / component.Down);
        var isWide = component.Width > 2;
        _method = (_across, _down) switch
        {
            (1, 1) => Method.None,
            (2, 1) when isWide => Method.Across,
            (1, 2) => Method.Down,
            (2, 2) when isWide => Method.Both,
            _ => Method.Repeat,
        };
        (_left, _right) = (wanted.Left, wanted.Right);
        var (first, last) = ((_left / _across) - 1, ((_right - 1) / _across) + 1);
        component.FirstBlock = Math.Max(0, first) / JpegComponent.Block;
        component.EndBlock = (Math.Min(last, component.Width - 1) / JpegComponent.Block) + 1;
        if (_row.Length < wanted.Width + Slack) (_row, _sums) = (new byte[wanted.Width + Slack], new ushort[wanted.Width + Slack]);
    }

    /// <summary>The wanted columns of a row of the image; more may be read behind them.</summary>
    public ReadOnlySpan<byte> Row(int y)
    {
        var near = y / _down;
        var far = Math.Clamp(y % 2 == 0 ? near - 1 : near + 1, 0, _component.Height - 1);
        var samples = _component.Row(near);
        switch (_method)
        {
            case Method.None:
                return samples[_left..];
            case Method.Down:
                Mix(samples[_left..], _component.Row(far)[_left..], y % 2 == 0 ? 1 : 2);
                return _row;
            case Method.Across:
                Spread(Sum(samples, samples, isOne: true), 1, 2, 2);
                return _row.AsSpan(_left & 1);
            case Method.Both:
                Spread(Sum(samples, _component.Row(far), isOne: false), 8, 7, 4);
                return _row.AsSpan(_left & 1);
            default:
                for (var x = _left; x < _right; x++) _row[x - _left] = samples[x / _across];
                return _row;
        }
    }

    /// <summary>A row between two: (3 near + far + bias) / 4.</summary>
    private void Mix(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int bias)
    {
        for (var x = 0; x < _right - _left; x++) _row[x] = (byte)(((3 * near[x]) + far[x] + bias) >> 2);
    }

    /// <summary>
    /// Writes the sums 3 near + far of the columns that are needed, one before the first and one behind the last included; at the edges of
    /// the image the last column is repeated. For one row alone the sums are its samples.
    /// </summary>
    /// <returns>How many columns are wanted.</returns>
    private int Sum(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, bool isOne)
    {
        var (begin, end) = ((_left / 2) - 1, ((_right - 1) / 2) + 2);
        var (from, to) = (Math.Max(0, begin), Math.Min(end, _component.Width));
        var sums = _sums.AsSpan(from - begin);
        var x = from;
        for (; x + Vector128<byte>.Count <= to; x += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(near.Slice(x, Vector128<byte>.Count)));
            if (!isOne)
            {
                var (farLow, farHigh) = Vector128.Widen(Vector128.Create(far.Slice(x, Vector128<byte>.Count)));
                (low, high) = (low + low + low + farLow, high + high + high + farHigh);
            }
            low.CopyTo(sums[(x - from)..]);
            high.CopyTo(sums[(x - from + Vector128<ushort>.Count)..]);
        }
        for (; x < to; x++) sums[x - from] = isOne ? near[x] : (ushort)((3 * near[x]) + far[x]);
        if (begin < from) _sums[0] = _sums[1];
        if (end > to) _sums[end - begin - 1] = _sums[end - begin - 2];
        return end - begin - 2;
    }

    /// <summary>Two samples of each sum: (3 s + previous + bias) and (3 s + next + bias), without their lowest bits.</summary>
    private void Spread(int count, ushort left, ushort right, int shift)
    {
        ref var sums = ref MemoryMarshal.GetArrayDataReference(_sums);
        ref var row = ref MemoryMarshal.GetArrayDataReference(_row);
        var (toLeft, toRight) = (Vector128.Create(left), Vector128.Create(right));
        // The buffers are longer by more than one step.
        for (var i = 0; i < count; i += Vector128<ushort>.Count)
        {
            var before = Vector128.LoadUnsafe(ref sums, (nuint)i);
            var here = Vector128.LoadUnsafe(ref sums, (nuint)(i + 1));
            var behind = Vector128.LoadUnsafe(ref sums, (nuint)(i + 2));
            var three = here + here + here;
            var even = (three + before + toLeft) >>> shift;
            var odd = (three + behind + toRight) >>> shift;
            (even | (odd << 8)).AsByte().StoreUnsafe(ref row, (nuint)(2 * i));
        }
    }
}
