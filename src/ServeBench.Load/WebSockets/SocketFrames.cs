using System.Buffers;
using System.Buffers.Binary;

namespace ServeBench.Load.WebSockets;

/// <summary>
/// Reads the frames that a server sends from bytes in any pieces, and puts the parts of a message together. On the hot path: allocates
/// nothing once its buffers have grown.
/// </summary>
internal sealed class SocketFrames
{
    /// <summary>One message, in bytes.</summary>
    private const int Maximum = 16 * 1024 * 1024;

    private const int MostHead = 10;

    private readonly byte[] _head = new byte[MostHead];
    private readonly byte[] _control = new byte[SocketFrame.MostControl];
    private readonly ArrayBufferWriter<byte> _message = new();
    private int _headLength;
    private int _headNeeded;
    private long _left;
    private int _controlLength;
    private bool _isWithinMessage;

    /// <summary>What has come whole.</summary>
    public enum Found
    {
        /// <summary>Nothing: all bytes are taken.</summary>
        Nothing,

        /// <summary>A message, which is the <see cref="Message"/>.</summary>
        Message,

        /// <summary>A ping, with <see cref="Control"/>.</summary>
        Ping,

        /// <summary>A close, with <see cref="Control"/>.</summary>
        Close,

        /// <summary>What is no frame of a server; the <see cref="Problem"/> says why.</summary>
        Nonsense,
    }

    /// <summary>The message found last; valid until the next bytes are read.</summary>
    public ReadOnlyMemory<byte> Message => _message.WrittenMemory;

    /// <summary>What the ping or close found last holds; valid until the next bytes are read.</summary>
    public ReadOnlySpan<byte> Control => _control.AsSpan(0, _controlLength);

    public string Problem { get; private set; } = "";

    /// <summary>Gets ready for a new connection.</summary>
    public void Reset()
    {
        _headLength = 0;
        _headNeeded = 2;
        _left = 0;
        _isWithinMessage = false;
        _message.ResetWrittenCount();
        Problem = "";
    }

    /// <summary>Reads on up to the next thing that is whole.</summary>
    /// <param name="bytes">What came; what has been read is taken off.</param>
    public Found Next(ref ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            if (_headLength < _headNeeded)
            {
                if (bytes.IsEmpty) return Found.Nothing;
                if (!Head(ref bytes)) return Found.Nonsense;
                continue;
            }
            var take = (int)Math.Min(_left, bytes.Length);
            var isControl = Kind >= SocketFrame.Close;
            if (isControl)
            {
                bytes[..take].CopyTo(_control.AsSpan(_controlLength));
                _controlLength += take;
            }
            else
            {
                _message.Write(bytes[..take]);
            }
            _left -= take;
            bytes = bytes[take..];
            if (_left > 0) return Found.Nothing;
            _headLength = 0;
            _headNeeded = 2;
            if (isControl)
            {
                if (Kind == SocketFrame.Pong) continue;
                return Kind == SocketFrame.Ping ? Found.Ping : Found.Close;
            }
            _isWithinMessage = !IsFinal;
            if (IsFinal) return Found.Message;
        }
    }

    private int Kind => _head[0] & 0x0f;

    private bool IsFinal => (_head[0] & 0x80) != 0;

    /// <summary>Takes bytes of a frame's head: two, and as many more as its length needs.</summary>
    private bool Head(ref ReadOnlySpan<byte> bytes)
    {
        var take = Math.Min(_headNeeded - _headLength, bytes.Length);
        bytes[..take].CopyTo(_head.AsSpan(_headLength));
        bytes = bytes[take..];
        _headLength += take;
        if (_headLength < _headNeeded) return true;
        if (_headNeeded == 2)
        {
            if (Fault() is { } problem) return Refuse(problem);
            _headNeeded += (_head[1] & 0x7f) switch { 126 => 2, 127 => 8, _ => 0 };
            if (_headLength < _headNeeded) return true;
        }
        _left = _headNeeded switch
        {
            2 => _head[1] & 0x7f,
            4 => BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(2)),
            _ => BinaryPrimitives.ReadInt64BigEndian(_head.AsSpan(2)),
        };
        if (Kind >= SocketFrame.Close)
        {
            _controlLength = 0;
            return true;
        }
        if (!_isWithinMessage) _message.ResetWrittenCount();
        return _left >= 0 && _message.WrittenCount + _left <= Maximum || Refuse("a message is longer than 16 MiB");
    }

    /// <summary>Why the first two bytes are not those of a frame that a server may send; null when they are.</summary>
    private string? Fault()
    {
        if ((_head[0] & 0x70) != 0) return "a frame uses an extension that was not agreed on";
        if ((_head[1] & 0x80) != 0) return "a server's frame is masked";
        switch (Kind)
        {
            case SocketFrame.Continuation:
                return _isWithinMessage ? null : "a frame goes on with a message that has not begun";
            case SocketFrame.Text or SocketFrame.Binary:
                return _isWithinMessage ? "a message begins before the last has ended" : null;
            case SocketFrame.Close or SocketFrame.Ping or SocketFrame.Pong:
                return !IsFinal || (_head[1] & 0x7f) > SocketFrame.MostControl ? "a ping or close is split or longer than 125 bytes" : null;
            default:
                return $"a frame is of the unknown kind {Kind}";
        }
    }

    private bool Refuse(string problem)
    {
        Problem = problem;
        return false;
    }
}
