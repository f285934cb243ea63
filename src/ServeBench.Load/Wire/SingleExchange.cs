using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ServeBench.Domain.Targets;
using ServeBench.Load.Encoding;
using ServeBench.Load.Http;
using ServeBench.Load.Tls;

namespace ServeBench.Load.Wire;

/// <summary>
/// One request on a connection of its own, outside any measurement (AskAsync of <see cref="WireFormat"/>). The same bytes go out and
/// the same reader reads the answer as under load.
/// </summary>
internal static class SingleExchange
{
    public static async Task<KeptAnswer> AskAsync(
        AnswerReader reader,
        ServerTarget target,
        SslApplicationProtocol protocol,
        RenderedRequest request,
        int payload,
        TimeSpan limit,
        CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        using var socket = new Socket(target.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target.Address, deadline.Token);
            await using var stream = await OpenAsync(socket, target, protocol, deadline.Token);
            return await ExchangeAsync(reader, socket, stream, request, payload, deadline.Token);
        }
        catch (SocketException e)
        {
            throw new IOException(
                socket.Connected ? $"{target} broke the connection: {e.Message}" : $"no connection to {target}: {e.Message}", e);
        }
        catch (IOException e) when (e.InnerException is SocketException broken)
        {
            throw new IOException($"{target} broke the connection: {broken.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{target} did not answer within {limit.TotalSeconds:0.###} s", e);
        }
    }

    /// <summary>The bytes of the connection, with TLS where the server has it.</summary>
    private static async Task<Stream> OpenAsync(
        Socket socket, ServerTarget target, SslApplicationProtocol protocol, CancellationToken cancellationToken)
    {
        var plain = new NetworkStream(socket);
        if (target.Tls is not { } trust) return plain;
        var refused = "";
        var secure = new SslStream(plain);
        try
        {
            await secure.AuthenticateAsClientAsync(TlsClient.Options(trust, protocol, why => refused = why), cancellationToken);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await secure.DisposeAsync();
            var why = $"no TLS with {target}: {(refused.Length > 0 ? refused : e.Message)}";
            throw refused.Length > 0 || e is AuthenticationException ? new TlsRefusedException(why, e) : new IOException(why, e);
        }
        if (TlsClient.Disagreement(protocol, secure.NegotiatedApplicationProtocol) is not { } problem) return secure;
        await secure.DisposeAsync();
        throw new TlsRefusedException($"no TLS with {target}: {problem}");
    }

    private static async Task<KeptAnswer> ExchangeAsync(
        AnswerReader reader, Socket socket, Stream stream, RenderedRequest request, int payload, CancellationToken cancellationToken)
    {
        var sent = Stopwatch.GetTimestamp();
        // A server may answer, and stop reading, before it has all of a large request: sending must not keep the answer waiting.
        var sending = Task.CompletedTask;
        if (reader.Writer is null) sending = SendAsync(stream, Signed(request), cancellationToken);
        else reader.Writer.Begin(request, isFirst: true);
        var kept = new AnswerBuffer();
        reader.Reset(kept);
        var buffer = new byte[64 * 1024];
        var receiving = stream.ReadAsync(buffer, cancellationToken).AsTask();
        while (reader.State == ParserState.Incomplete)
        {
            // One piece after the other: what the server does not read must not pile up.
            if (sending.IsCompleted && reader.Writer is not null && reader.Writer.TryTake(out var bytes))
            {
                sending = SendAsync(stream, bytes.ToArray(), cancellationToken);
                continue;
            }
            if (!sending.IsCompleted && await Task.WhenAny(receiving, sending) == sending) continue;
            var read = await receiving;
            if (read > 0) reader.Feed(buffer.AsSpan(0, read), Stopwatch.GetElapsedTime(sent).Ticks * TimeSpan.NanosecondsPerTick);
            else if (reader.EndOfStream() == ParserState.Incomplete)
                throw new IOException("the connection ended before the answer was whole" + Because(reader));
            if (reader.State == ParserState.Incomplete) receiving = stream.ReadAsync(buffer, cancellationToken).AsTask();
        }
        socket.Close();
        await sending;
        return reader.State switch
        {
            ParserState.Complete => kept.ToAnswer(payload, reader.Status, 0) with { Meaning = reader.Meaning },
            ParserState.NotTaken => throw new IOException("the server takes no request" + Because(reader)),
            _ => throw new IOException($"the answer is not {reader.Language}: {reader.Problem}"),
        };
    }

    private static string Because(AnswerReader reader) => reader.Goodbye is { Length: > 0 } goodbye ? $": {goodbye}" : "";

    private static byte[] Signed(RenderedRequest request)
    {
        if (request.Seal is not { } seal) return request.Bytes;
        byte[] copy = [.. request.Bytes];
        seal.Sign(copy, DateTimeOffset.UtcNow);
        return copy;
    }

    private static async Task SendAsync(Stream stream, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Whatever became of the request, the answer or its absence says it.
        }
    }
}
