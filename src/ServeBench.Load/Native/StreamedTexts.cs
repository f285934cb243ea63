using System.Buffers;
using ServeBench.Domain.Samples;
using ServeBench.Load.Http;

namespace ServeBench.Load.Native;

/// <summary>
/// The texts of all samples, kept as bytes while the load goes on, and counted when it is over: counting takes longer than there is time
/// between two events.
/// </summary>
/// <param name="samples">Samples to make room for.</param>
/// <param name="events">Events to make room for.</param>
internal sealed class StreamedTexts(int samples, int events)
{
    /// <summary>Bytes that a piece has; the store grows if need be.</summary>
    private const int BytesExpected = 8;

    private readonly SampleSeries _lengths = new("text lengths", samples, events);
    private readonly ArrayBufferWriter<byte> _bytes = new((int)Math.Clamp((long)BytesExpected * events, 1, 1 << 28));

    /// <param name="sample">Its place in the table, beyond all that have texts already.</param>
    /// <param name="texts">Its pieces.</param>
    public void Set(int sample, EventTexts texts)
    {
        _lengths.Set(sample, texts.Lengths);
        _bytes.Write(texts.Bytes);
    }

    /// <summary>How many units each piece holds.</summary>
    public SampleSeries Count(Func<ReadOnlySpan<byte>, int> count)
    {
        var counts = new SampleSeries(SampleSeries.Tokens, _lengths.Count, _lengths.Length);
        var left = _bytes.WrittenSpan;
        long[] own = new long[64];
        for (var i = 0; i < _lengths.Count; i++)
        {
            var lengths = _lengths[i];
            if (own.Length < lengths.Length) own = new long[lengths.Length];
            for (var e = 0; e < lengths.Length; e++)
            {
                var piece = left[..(int)lengths[e]];
                left = left[piece.Length..];
                own[e] = piece.IsEmpty ? 0 : count(piece);
            }
            counts.Set(i, own.AsSpan(0, lengths.Length));
        }
        return counts;
    }
}
