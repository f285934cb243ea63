using System.Net.Security;
using System.Security.Authentication;
using ServeBench.Domain.Targets;

namespace ServeBench.Load.Tls;

/// <summary>TLS on one connection of a socket loop, without a thread of its own: it goes on when it is given what has come.</summary>
internal sealed class TlsSession : IDisposable
{
    private readonly MemoryTransport _transport;
    private readonly SslStream _stream;
    private readonly SslApplicationProtocol _protocol;
    private readonly byte[] _plain = new byte[32 * 1024];
    private readonly Task _handshake;
    private Task<int>? _read;
    private string _refused = "";

    /// <summary>Begins the handshake.</summary>
    /// <param name="trust">Whom the server has to be.</param>
    /// <param name="protocol">What is spoken then.</param>
    /// <param name="send">Sends bytes, which it does not keep.</param>
    public TlsSession(TlsTrust trust, SslApplicationProtocol protocol, MemoryTransport.Sender send)
    {
        _protocol = protocol;
        _transport = new MemoryTransport(send);
        _stream = new SslStream(_transport);
        _handshake = _stream.AuthenticateAsClientAsync(TlsClient.Options(trust, protocol, why => _refused = why));
    }

    /// <summary>True once requests can be sent.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Why it cannot go on; null as long as it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>True when the other side has said that it sends nothing more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Takes what has come; then <see cref="TryRead"/> gives what it holds.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        _transport.Feed(bytes);
        if (IsOpen) return;
        AwaitTurn();
        if (!_handshake.IsCompleted) return;
        if (_handshake.IsCompletedSuccessfully) Problem = TlsClient.Disagreement(_protocol, _stream.NegotiatedApplicationProtocol);
        else
            Problem = _refused.Length > 0 ? _refused : _handshake.Exception?.InnerException switch
            {
                AuthenticationException { InnerException: { } inner } e => $"{e.Message.TrimEnd('.')}: {inner.Message}",
                { } e => e.Message,
                null => "it was given up",
            };
        IsOpen = Problem is null;
    }

    /// <summary>Takes the next piece of what the other side has said.</summary>
    /// <param name="bytes">Valid until the next call.</param>
    /// <returns>False when there is nothing for now, or nothing ever more.</returns>
    public bool TryRead(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!IsOpen || HasEnded || Problem is not null) return false;
        try
        {
            _read ??= _stream.ReadAsync(_plain).AsTask();
            AwaitTurn();
            if (!_read.IsCompleted) return false;
            var count = _read.GetAwaiter().GetResult();
            _read = null;
            HasEnded = count == 0;
            bytes = _plain.AsSpan(0, count);
            return count > 0;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            Problem = e.InnerException?.Message ?? e.Message;
            return false;
        }
    }

    /// <summary>Sends, encrypted.</summary>
    /// <returns>False when it cannot; <see cref="Problem"/> says why.</returns>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            Problem = e.Message;
            return false;
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>
    /// What waits for bytes goes on inside <see cref="MemoryTransport.Feed"/>, on this thread. Where a system's TLS takes a thread of its
    /// own for a step, that step is waited for, so that two threads are never in it.
    /// </summary>
    private void AwaitTurn()
    {
        var wait = new SpinWait();
        while (!_transport.Waits && !(_read ?? _handshake).IsCompleted) wait.SpinOnce();
    }
}
