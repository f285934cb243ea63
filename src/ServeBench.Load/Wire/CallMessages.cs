using System.Buffers;
using System.Buffers.Binary;

namespace ServeBench.Load.Wire;

/// <summary>
/// The messages of one gRPC answer after the other: each is a flag, its length and its bytes (grpc/doc/PROTOCOL-HTTP2.md), and comes in any
/// pieces. Nothing of them is kept, unless somebody wants it; nothing is allocated once buffers have grown.
/// </summary>
/// <param name="streams">Whether an answer has any number of messages, and not just one.</param>
internal sealed class CallMessages(bool streams)
{
    private const int PrefixLength = 5;

    private readonly byte[] _prefix = new byte[PrefixLength];
    private readonly ArrayBufferWriter<byte> _message = new();
    private AnswerBuffer? _kept;
    private long[] _times = new long[streams ? 64 : 0];
    private int _prefixCount;
    private int _left;

    /// <summary>The time of the bytes that are appended next, nanoseconds by any clock.</summary>
    public long Now { get; set; }

    /// <summary>When each whole message came, in order; empty where there is only one.</summary>
    public ReadOnlySpan<long> Times => _times.AsSpan(0, streams ? Count : 0);

    /// <summary>Whole messages so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes so far, without flags and lengths.</summary>
    public int Bytes { get; private set; }

    /// <summary>Whether a message has begun and not ended.</summary>
    public bool IsUnfinished => _prefixCount > 0;

    /// <summary>Gets ready for the next answer.</summary>
    /// <param name="kept">Where to keep it; null when nobody wants it.</param>
    public void Reset(AnswerBuffer? kept)
    {
        _kept = kept;
        _message.ResetWrittenCount();
        _prefixCount = _left = Count = Bytes = 0;
    }

    /// <returns>What is wrong with the bytes; null when nothing is.</returns>
    public string? Append(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            if (_prefixCount < PrefixLength)
            {
                var some = Math.Min(PrefixLength - _prefixCount, bytes.Length);
                bytes[..some].CopyTo(_prefix.AsSpan(_prefixCount));
                _prefixCount += some;
                bytes = bytes[some..];
                if (_prefixCount < PrefixLength) return null;
                if (Begin() is { } problem) return problem;
            }
            var take = Math.Min(_left, bytes.Length);
            if (take > int.MaxValue - Bytes) return "the messages of an answer are longer than 2 GiB";
            if (streams && _kept is not null) _message.Write(bytes[..take]);
            else _kept?.Append(bytes[..take]);
            Bytes += take;
            _left -= take;
            bytes = bytes[take..];
            if (_left > 0) return null;
            End();
            if (bytes.IsEmpty) return null;
        }
    }

    /// <summary>Bytes that are no messages.</summary>
    public void AppendOther(ReadOnlySpan<byte> bytes)
    {
        _kept?.Append(bytes);
        Bytes = (int)Math.Min(int.MaxValue, (long)Bytes + bytes.Length);
    }

    private string? Begin()
    {
        if (Count > 0 && !streams) return "an answer has two messages, and its method one";
        if (_prefix[0] == 1) return "a message is compressed, which nobody asked for";
        if (_prefix[0] != 0) return $"a message begins with the flag {_prefix[0]}, which nobody knows";
        var length = BinaryPrimitives.ReadUInt32BigEndian(_prefix.AsSpan(1));
        if (length > int.MaxValue) return "a message is longer than 2 GiB";
        _left = (int)length;
        return null;
    }

    private void End()
    {
        _prefixCount = 0;
        if (streams)
        {
            if (Count == _times.Length) Array.Resize(ref _times, 2 * Count);
            _times[Count] = Now;
            _kept?.AddEvent(_message.WrittenSpan, Now);
            _message.ResetWrittenCount();
        }
        Count++;
    }
}
