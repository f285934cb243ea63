using System.Net.Sockets;
using System.Text;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>A TCP connection that sends whatever it is told to, as no proper client would.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(address.Host, address.Port);
        return connection;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _socket.SendAsync(bytes);

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads the beginning of an answer, its status at least; empty when none comes in time.</summary>
    public async Task<string> ReadStatusLineAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        var buffer = new byte[4096];
        var text = "";
        try
        {
            while (true)
            {
                var at = text.IndexOf("HTTP/1.1 ", StringComparison.Ordinal);
                if (at >= 0 && text.Length >= at + 12) return text[at..];
                var count = await _socket.ReceiveAsync(buffer, limit.Token);
                if (count == 0) return "";
                text += Encoding.Latin1.GetString(buffer, 0, count);
            }
        }
        catch (OperationCanceledException)
        {
            return "";
        }
    }

    /// <summary>Reads until the server closes the connection.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            int count;
            while ((count = await _socket.ReceiveAsync(buffer, cancellationToken)) > 0) text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed, too.
        }
        return text.ToString();
    }

    /// <summary>Ends the connection without a word.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();
}
