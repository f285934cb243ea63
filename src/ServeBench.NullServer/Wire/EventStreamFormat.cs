using System.Text;
using ServeBench.NullServer.Http;
using ServeBench.NullServer.Latency;
using ServeBench.NullServer.Serving;

namespace ServeBench.NullServer.Wire;

/// <summary>
/// Server-sent events in chunks, one event a chunk: the same JSON so many times, then what ends an answer. All of it goes out at
/// once, or piece by piece with planted times between.
/// </summary>
internal sealed class EventStreamFormat : HttpFormat
{
    public override string Name => "sse";

    public override Func<Conversation> ConversationFactory(string body, NullServerOptions options, ServerModel model)
    {
        if (options.Gap == LatencyDistribution.None) return base.ConversationFactory(body, options, model);
        string[] events =
            [.. Enumerable.Repeat(Chunk(body), options.Events).Chunk(options.Together).Select(together => string.Concat(together))];
        if (events.Length == 0) events = [""];
        events[0] = Opening(options) + events[0];
        events[^1] += End(options);
        byte[][] pieces = [.. events.Select(Encoding.UTF8.GetBytes)];
        byte[] First(string fields) => [.. Encoding.ASCII.GetBytes(Head(fields)), .. pieces[0]];
        var answers = new HttpAnswers(First(""), First("Connection: close\r\n"), First("Connection: keep-alive\r\n"));
        return () => new StreamConversation(answers, pieces, model);
    }

    protected override byte[] Answer(string json, string fields, NullServerOptions options) => Encoding.UTF8.GetBytes(
        Head(fields) + Opening(options) + string.Concat(Enumerable.Repeat(Chunk(json), options.Events)) + End(options));

    private static string Head(string fields) =>
        $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{fields}Transfer-Encoding: chunked\r\n\r\n";

    private static string Opening(NullServerOptions options) => options.Opening is { } opening ? Chunk(opening) : "";

    private static string End(NullServerOptions options) =>
        (options.Closing is { } closing ? Chunk(closing) : "") + Chunk(options.Last) + "0\r\n\r\n";

    private static string Chunk(string data)
    {
        var one = $"data: {data}\n\n";
        return $"{Encoding.UTF8.GetByteCount(one):x}\r\n{one}\r\n";
    }
}
