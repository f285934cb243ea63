using System.Text;
using ServeBench.NullServer.Latency;
using ServeBench.NullServer.Serving;
using ServeBench.NullServer.WebSockets;

namespace ServeBench.NullServer.Wire;

/// <summary>
/// Messages over a WebSocket: each of the client's is answered with the same JSON so many times, then with what ends an answer. All of it
/// goes out at once, or piece by piece with planted times between.
/// </summary>
internal sealed class WebSocketFormat : IAnswerFormat
{
    private const int Text = 0x81;

    public string Name => "websocket";

    public Func<Conversation> ConversationFactory(string body, NullServerOptions options, ServerModel model)
    {
        var together = options.Gap == LatencyDistribution.None ? Math.Max(options.Events, 1) : options.Together;
        byte[][] pieces =
            [.. Enumerable.Repeat(Frame(body), options.Events).Chunk(together).Select(frames => frames.SelectMany(f => f).ToArray())];
        if (pieces.Length == 0) pieces = [[]];
        if (options.Opening is { } opening) pieces[0] = [.. Frame(opening), .. pieces[0]];
        if (options.Closing is { } closing) pieces[^1] = [.. pieces[^1], .. Frame(closing)];
        pieces[^1] = [.. pieces[^1], .. Frame(options.Last)];
        return () => new SocketConversation(pieces, model);
    }

    /// <summary>A whole text message, not masked, as servers send it.</summary>
    private static byte[] Frame(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var n = bytes.Length;
        byte[] length = n < 126 ? [(byte)n] : n < 1 << 16 ? [126, (byte)(n >> 8), (byte)n]
            : [127, 0, 0, 0, 0, (byte)(n >> 24), (byte)(n >> 16), (byte)(n >> 8), (byte)n];
        return [Text, .. length, .. bytes];
    }
}
