namespace ServeBench.Load.Http;

/// <summary>
/// The header fields that say where an answer ends, whether the connection lives on, and whether the body is a stream of events;
/// all others are skipped.
/// </summary>
internal struct FramingHeaders
{
    private readonly bool _persistentByDefault;
    private bool _close;
    private bool _keep;
    private bool _hasLength;
    private long _length;

    /// <param name="minorVersion">HTTP/1.1 keeps connections unless a header says otherwise, HTTP/1.0 only when one says so.</param>
    public FramingHeaders(int minorVersion) => _persistentByDefault = minorVersion > 0;

    /// <summary>The body is in chunks.</summary>
    public bool Chunked { get; private set; }

    /// <summary>A transfer coding that does not end in chunked: the body lasts until the connection closes.</summary>
    public bool OtherCoding { get; private set; }

    /// <summary>The media type is that of server-sent events.</summary>
    public bool EventStream { get; private set; }

    /// <summary>The declared length, or -1 when there is none.</summary>
    public readonly long Length => _hasLength ? _length : -1;

    public readonly bool KeepAlive => !_close && (_persistentByDefault || _keep);

    /// <summary>The connection cannot be used again.</summary>
    public void Close() => _close = true;

    /// <returns>What is wrong with the field, or null.</returns>
    public string? Add(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[0] is (byte)' ' or (byte)'\t') return "a header field has no name";
        var name = line[..colon];
        return name.Length switch
        {
            14 when Is(name, "content-length"u8) => AddLength(Trim(line[(colon + 1)..])),
            17 when Is(name, "transfer-encoding"u8) => AddCoding(Trim(line[(colon + 1)..])),
            10 when Is(name, "connection"u8) => AddConnection(line[(colon + 1)..]),
            12 when Is(name, "content-type"u8) => AddType(line[(colon + 1)..]),
            _ => null,
        };
    }

    private string? AddLength(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > 18) return "Content-Length is not a number of bytes";
        long length = 0;
        foreach (var digit in value)
        {
            if (digit is < (byte)'0' or > (byte)'9') return "Content-Length is not a number of bytes";
            length = length * 10 + (digit - '0');
        }
        if (_hasLength && length != _length) return "two Content-Length fields disagree";
        _hasLength = true;
        _length = length;
        return null;
    }

    /// <summary>Only the last coding tells where the body ends.</summary>
    private string? AddCoding(ReadOnlySpan<byte> value)
    {
        var comma = value.LastIndexOf((byte)',');
        Chunked = Is(Trim(value[(comma + 1)..]), "chunked"u8);
        OtherCoding = !Chunked;
        return null;
    }

    /// <summary>Parameters, such as a charset, change nothing: events are UTF-8.</summary>
    private string? AddType(ReadOnlySpan<byte> value)
    {
        var semicolon = value.IndexOf((byte)';');
        EventStream = Is(Trim(semicolon < 0 ? value : value[..semicolon]), "text/event-stream"u8);
        return null;
    }

    private string? AddConnection(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            var comma = value.IndexOf((byte)',');
            var token = Trim(comma < 0 ? value : value[..comma]);
            _close |= Is(token, "close"u8);
            _keep |= Is(token, "keep-alive"u8);
            value = comma < 0 ? default : value[(comma + 1)..];
        }
        return null;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);

    /// <summary>Equal but for case; <paramref name="lower"/> is lower-case letters, dashes and slashes.</summary>
    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) => System.Text.Ascii.EqualsIgnoreCase(text, lower);
}
