using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ServeBench.NullServer.Http2;
using ServeBench.NullServer.Latency;
using ServeBench.NullServer.Serving;

namespace ServeBench.NullServer.WebSockets;

/// <summary>
/// The server's side of a WebSocket (RFC 6455), one message at a time. Written apart from the driver's side on purpose: a mistake shared by
/// both would not be seen by either. A client that says anything that this server is not for loses its connection.
/// </summary>
/// <param name="pieces">The answer to every message, piece by piece.</param>
/// <param name="model">Plants the times between pieces, and cuts some answers.</param>
internal sealed class SocketConversation(byte[][] pieces, ServerModel model) : Conversation
{
    private const int MostHead = 16 * 1024;
    private const long LongestDelay = 600_000_000_000;

    private readonly ByteQueue _input = new();
    private readonly IncrementalHash? _body = model.ReadsBodies ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private bool _isOpen;
    private int _next;
    private bool _isCut;
    private long? _delay;

    private static ReadOnlySpan<byte> DelayPath => "/delay/"u8;

    public override long? Delay => _delay;

    public override bool HearsMeanwhile => true;

    public override long? Pause => IsAnswering && _next > 0 && !IsOver ? model.Pause() : null;

    public override byte[]? BodyHash() => _body?.GetHashAndReset();

    public override bool Feed(ReadOnlySpan<byte> bytes)
    {
        _input.Append(bytes);
        if (!_isOpen) Open();
        var isWhole = false;
        while (_isOpen && !IsOver && Frame() is { } message)
        {
            // A second message before the first is answered is a mistake.
            IsOver |= IsAnswering;
            Understand(message);
            IsAnswering = isWhole = true;
        }
        return isWhole && !IsOver;
    }

    public override void Answer()
    {
        if (_next == 0) _isCut = model.IsCut();
        Output = pieces[_next++];
        if (_isCut && _next >= (pieces.Length + 1) / 2) IsOver = true;
    }

    public override void Sent()
    {
        base.Sent();
        if (!IsAnswering || (_next < pieces.Length && !IsOver)) return;
        IsAnswering = false;
        _next = 0;
    }

    /// <summary>Answers the question that opens the connection, once it is whole.</summary>
    private void Open()
    {
        var end = _input.Span.IndexOf("\r\n\r\n"u8);
        IsOver = end < 0 && _input.Count > MostHead;
        if (end < 0) return;
        var key = Encoding.ASCII.GetString(_input.Span[..end]).Split("\r\n")
            .FirstOrDefault(l => l.StartsWith("sec-websocket-key:", StringComparison.OrdinalIgnoreCase))?.Split(':')[1].Trim();
        _input.Take(end + 4);
        IsOver = key is null;
        if (IsOver) return;
        _isOpen = true;
#pragma warning disable CA5350 // The algorithm that RFC 6455 names.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        Output = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
    }

    /// <summary>The next whole message, without its mask; null when there is none yet, or the connection is over.</summary>
    private byte[]? Frame()
    {
        var bytes = _input.Span;
        if (bytes.Length < 2) return null;
        long length = bytes[1] & 0x7f;
        var at = 2;
        var more = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (bytes.Length < at + more) return null;
        if (more > 0) length = 0;
        for (; more > 0; more--) length = (length << 8) | bytes[at++];
        // Whole text messages, masked; a close ends the connection, and so does everything else.
        IsOver |= bytes[0] != 0x81 || (bytes[1] & 0x80) == 0 || length is < 0 or > int.MaxValue / 2;
        if (IsOver || bytes.Length < at + 4 + length) return null;
        var message = bytes.Slice(at + 4, (int)length).ToArray();
        for (var i = 0; i < message.Length; i++) message[i] ^= bytes[at + (i & 3)];
        _input.Take(at + 4 + (int)length);
        return message;
    }

    private void Understand(ReadOnlySpan<byte> message)
    {
        _body?.AppendData(message);
        _delay = null;
        if (!message.StartsWith(DelayPath)) return;
        var text = message[DelayPath.Length..];
        if (Utf8Parser.TryParse(text, out long delay, out var used) && used == text.Length && delay is >= 0 and <= LongestDelay)
            _delay = delay;
        else IsOver = true;
    }
}
