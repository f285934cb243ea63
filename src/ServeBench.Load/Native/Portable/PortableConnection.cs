using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ServeBench.Load.Native.Portable;

/// <summary>One socket with at most one receive and one send under way. Made again for each connection.</summary>
internal sealed class PortableConnection : IDisposable
{
    private readonly Action<Completion> _tell;
    private readonly SocketAsyncEventArgs _receive = new();
    private readonly SocketAsyncEventArgs _send = new();
    private readonly Socket _socket;
    private readonly Lock _gate = new();

    /// <summary>Bytes that go out after those of the other buffer.</summary>
    private ArrayBufferWriter<byte> _waiting = new();
    private ArrayBufferWriter<byte> _leaving = new();
    private volatile bool _closed;
    private volatile bool _sending;

    public PortableConnection(int number, AddressFamily family, Action<Completion> tell)
    {
        Number = number;
        _tell = tell;
        _socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        _receive.Completed += (_, _) => Received();
        _send.Completed += (_, _) =>
        {
            SendOn();
            if (!_sending) _tell(new Completion(this, CompletionKind.Sent, SocketError.Success, 0));
        };
        _receive.SetBuffer(Buffer);
    }

    public int Number { get; }

    public byte[] Buffer { get; } = new byte[64 * 1024];

    /// <summary>True while a send is under way.</summary>
    public bool HasUnsent => _sending;

    /// <summary>True when the other side has closed: readable, with nothing to read.</summary>
    public bool IsEnded => _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0;

    public void Connect(IPEndPoint target)
    {
        _socket.NoDelay = true;
        var connect = new SocketAsyncEventArgs { RemoteEndPoint = target };
        connect.Completed += (_, _) => Connected(connect);
        if (!_socket.ConnectAsync(connect)) Connected(connect);
    }

    /// <summary>Begins to receive into <see cref="Buffer"/>, which nobody may be reading then.</summary>
    public void Receive() => Guard(() =>
    {
        if (!_socket.ReceiveAsync(_receive)) Received();
    });

    /// <returns>0; failures are reported later, by the receive.</returns>
    public int Send(byte[] bytes)
    {
        _sending = true;
        _send.SetBuffer(bytes);
        Guard(() =>
        {
            if (!_socket.SendAsync(_send)) SendOn();
        });
        return 0;
    }

    /// <summary>Sends bytes after those that still wait.</summary>
    /// <returns>0; failures are reported later, by the receive.</returns>
    public int SendAfterWaiting(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _waiting.Write(bytes);
            if (_sending) return 0;
            _sending = true;
        }
        SendWaiting();
        return 0;
    }

    public void Close()
    {
        _closed = true;
        _socket.Dispose();
    }

    public void Dispose() => Close();

    private void Connected(SocketAsyncEventArgs connect)
    {
        _tell(new Completion(this, CompletionKind.Connected, connect.SocketError, 0));
        connect.Dispose();
    }

    private void Received() => _tell(new Completion(this, CompletionKind.Received, _receive.SocketError, _receive.BytesTransferred));

    /// <summary>A send has ended, perhaps before the last byte.</summary>
    private void SendOn() => Guard(() =>
    {
        do
        {
            var left = _send.Count - _send.BytesTransferred;
            if (_send.SocketError != SocketError.Success)
            {
                _sending = false;
                return;
            }
            if (left == 0)
            {
                if (HasWaiting()) SendWaiting();
                return;
            }
            _send.SetBuffer(_send.Offset + _send.BytesTransferred, left);
        }
        while (!_socket.SendAsync(_send));
    });

    /// <summary>Whether there is more to send; if not, nothing is being sent any longer.</summary>
    private bool HasWaiting()
    {
        lock (_gate) return _sending = _waiting.WrittenCount > 0;
    }

    private void SendWaiting()
    {
        lock (_gate)
        {
            (_waiting, _leaving) = (_leaving, _waiting);
            _waiting.ResetWrittenCount();
        }
        _send.SetBuffer(MemoryMarshal.AsMemory(_leaving.WrittenMemory));
        Guard(() =>
        {
            if (!_socket.SendAsync(_send)) SendOn();
        });
    }

    /// <summary>The socket may be closed by the loop's thread at any time; then nothing is left to do or to tell.</summary>
    private void Guard(Action operation)
    {
        try
        {
            operation();
        }
        catch (ObjectDisposedException) when (_closed)
        {
            _sending = false;
        }
    }
}

internal enum CompletionKind : byte
{
    Connected,
    Received,
    Sent,
}

/// <summary>An operation that has ended.</summary>
internal readonly record struct Completion(PortableConnection Connection, CompletionKind Kind, SocketError Error, int Bytes);
