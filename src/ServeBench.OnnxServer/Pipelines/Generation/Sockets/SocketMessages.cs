using System.Net.WebSockets;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation.Sockets;

/// <summary>
/// The messages of a WebSocket. The next one is received while the last is being answered, since only so a client's close is noticed.
/// </summary>
/// <param name="socket">The connection.</param>
/// <param name="most">The most bytes of a message.</param>
/// <param name="patience">How long a message that has begun may take to come.</param>
/// <param name="gate">Says when the server is about to end.</param>
internal sealed class SocketMessages(WebSocket socket, int most, TimeSpan patience, RequestGate gate) : IAsyncDisposable
{
    /// <summary>How long a client may take to answer a close with its own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _gone = new();
    private Task<byte[]?>? _receiving;

    /// <summary>Cancelled when the client has closed the connection, or it broke.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Waits for a message.</summary>
    /// <returns>Null where the client is gone, or the server is about to end.</returns>
    public async Task<byte[]?> NextAsync()
    {
        _receiving ??= ReceiveAsync();
        try
        {
            var message = await _receiving.WaitAsync(gate.Closed);
            if (message is not null) _receiving = ReceiveAsync();
            return message;
        }
        catch (OperationCanceledException) when (gate.Closed.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <returns>What is wrong with a message before it is read.</returns>
    public ApiError? Refuse(byte[] message) => message.Length > most
        ? new ApiError(ErrorKind.TooLarge, $"A message has more than {most} bytes, the limit of this server (--max-body)")
        : null;

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        if (Gone.IsCancellationRequested) return;
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, Gone);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The client is gone; whoever waits for that is told.
            await _gone.CancelAsync();
        }
    }

    /// <summary>Ends the connection from this side, and gives the client a moment to end its own.</summary>
    public async Task CloseAsync()
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        var status = gate.IsDraining ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure;
        try
        {
            await socket.CloseOutputAsync(status, null, CancellationToken.None);
            if (_receiving is not null) await _receiving.WaitAsync(Patience);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or TimeoutException)
        {
            // It has ended the connection its own way, or does not end it.
        }
    }

    /// <summary>Ends the connection whatever it is at.</summary>
    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        if (_receiving is not null) await _receiving;
        _gone.Dispose();
    }

    /// <returns>One message, cut where it is too long; null at the end.</returns>
    private async Task<byte[]?> ReceiveAsync()
    {
        var message = new byte[1024];
        var length = 0;
        // Silence between messages may last; a message that has begun must come.
        using var limit = new CancellationTokenSource();
        try
        {
            while (true)
            {
                if (length == message.Length) Array.Resize(ref message, message.Length * 2);
                var result = await socket.ReceiveAsync(message.AsMemory(length), limit.Token);
                if (result.MessageType == WebSocketMessageType.Close) break;
                // Of what is too long only so much is kept that it shows.
                length = Math.Min(length + result.Count, most + 1);
                if (result.EndOfMessage) return message[..length];
                limit.CancelAfter(patience);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The connection broke.
        }
        await _gone.CancelAsync();
        return null;
    }
}
