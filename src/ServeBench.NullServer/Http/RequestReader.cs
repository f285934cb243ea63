using System.Buffers.Text;
using System.Text;

namespace ServeBench.NullServer.Http;

/// <summary>
/// Finds the end of each request on one connection and what it asks. Written apart from the driver's parser on purpose: a
/// mistake shared by both sides would not be seen by either.
/// </summary>
/// <param name="keepsBody">Whether the body is looked at; it is read and forgotten otherwise.</param>
internal sealed class RequestReader(bool keepsBody = false)
{
    private const int MaximumHead = 16 * 1024;
    private const long LongestDelay = 600_000_000_000;

    private static ReadOnlySpan<byte> DelayPath => "/delay/"u8;

    private byte[]? _head;
    private int _headLength;
    private long _bodyLeft;
    private readonly System.Security.Cryptography.IncrementalHash? _body = keepsBody
        ? System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256)
        : null;

    /// <summary>What the request asks; valid once it is whole.</summary>
    public RequestKind RequestKind { get; private set; }

    /// <summary>The delay that the request itself asks for, in nanoseconds; null when it asks for none.</summary>
    public long? Delay { get; private set; }

    /// <summary>Whether this connection has brought a request before; for whoever answers to remember.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Hash of the body of a request that is whole; null when bodies are not looked at.</summary>
    public byte[]? BodyHash() => _body?.GetHashAndReset();

    /// <summary>The client wants the connection closed after the answer.</summary>
    public bool Close { get; private set; }

    /// <summary>
    /// The client speaks HTTP/1.0 and wants the connection kept, which the answer then has to promise (RFC 9112, appendix C.2.2);
    /// ab does.
    /// </summary>
    public bool Keep { get; private set; }

    /// <returns>
    /// True when a request has become whole: there is an answer to send. Bytes after it are refused, since no client of
    /// this server sends a request before it has the answer to the last.
    /// </returns>
    public bool Feed(ReadOnlySpan<byte> bytes)
    {
        if (_bodyLeft == 0 && !Head(ref bytes)) return RequestKind == RequestKind.Nonsense;
        var take = (int)Math.Min(_bodyLeft, bytes.Length);
        _bodyLeft -= take;
        _body?.AppendData(bytes[..take]);
        if (bytes.Length > take) RequestKind = RequestKind.Nonsense;
        return _bodyLeft == 0;
    }

    /// <summary>Takes the head out of the bytes; false when it has not ended yet or is nonsense.</summary>
    private bool Head(ref ReadOnlySpan<byte> bytes)
    {
        if (_headLength == 0)
        {
            var end = bytes.IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                Understand(bytes[..(end + 2)]);
                bytes = bytes[(end + 4)..];
                return RequestKind != RequestKind.Nonsense;
            }
        }
        return SplitHead(ref bytes);
    }

    private bool SplitHead(ref ReadOnlySpan<byte> bytes)
    {
        _head ??= new byte[MaximumHead];
        var take = Math.Min(bytes.Length, MaximumHead - _headLength);
        bytes[..take].CopyTo(_head.AsSpan(_headLength));
        var searched = Math.Max(0, _headLength - 3);
        var end = _head.AsSpan(searched, _headLength + take - searched).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            _headLength += take;
            RequestKind = _headLength == MaximumHead ? RequestKind.Nonsense : RequestKind.Answer;
            return false;
        }
        var length = searched + end + 4;
        Understand(_head.AsSpan(0, length - 2));
        bytes = bytes[(length - _headLength)..];
        _headLength = 0;
        return RequestKind != RequestKind.Nonsense;
    }

    /// <param name="head">Request line and fields, each with its line end.</param>
    private void Understand(ReadOnlySpan<byte> head)
    {
        RequestKind = RequestKind.Answer;
        Close = false;
        Keep = false;
        _bodyLeft = 0;
        var lineEnd = head.IndexOf("\r\n"u8);
        RequestLine(head[..lineEnd]);
        head = head[(lineEnd + 2)..];
        while (!head.IsEmpty)
        {
            lineEnd = head.IndexOf("\r\n"u8);
            Field(head[..lineEnd]);
            head = head[(lineEnd + 2)..];
        }
    }

    private void RequestLine(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first || !line[(last + 1)..].StartsWith("HTTP/1."u8))
        {
            RequestKind = RequestKind.Nonsense;
            return;
        }
        Close = line.EndsWith("HTTP/1.0"u8);
        var method = line[..first];
        var target = line[(first + 1)..last];
        if (target.SequenceEqual("/planted"u8) && method.SequenceEqual("GET"u8)) RequestKind = RequestKind.Planted;
        Delay = null;
        if (!target.StartsWith(DelayPath)) return;
        if (Utf8Parser.TryParse(target[DelayPath.Length..], out long delay, out var used)
            && used == target.Length - DelayPath.Length && delay is >= 0 and <= LongestDelay) Delay = delay;
        else RequestKind = RequestKind.Nonsense;
    }

    private void Field(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            RequestKind = RequestKind.Nonsense;
            return;
        }
        var name = line[..colon];
        if (name.Length is not (14 or 10 or 17)) return;
        var value = line[(colon + 1)..].Trim((byte)' ');
        if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
        {
            if (!Utf8Parser.TryParse(value, out _bodyLeft, out var used) || used != value.Length || _bodyLeft < 0)
                RequestKind = RequestKind.Nonsense;
        }
        else if (Ascii.EqualsIgnoreCase(name, "connection"u8))
        {
            Keep = Close && Ascii.EqualsIgnoreCase(value, "keep-alive"u8);
            Close = Ascii.EqualsIgnoreCase(value, "close"u8) || (Close && !Ascii.EqualsIgnoreCase(value, "keep-alive"u8));
        }
        else if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
        {
            RequestKind = RequestKind.Nonsense;
        }
    }
}

internal enum RequestKind : byte
{
    /// <summary>The fixed answer, after the delay: the request's own (<c>/delay/&lt;nanoseconds&gt;</c>) or a drawn one.</summary>
    Answer,

    /// <summary><c>GET /planted</c>: what was planted.</summary>
    Planted,

    /// <summary>Not a request.</summary>
    Nonsense,
}
