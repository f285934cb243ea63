using System.Text;

namespace ServeBench.NullServer.Wire;

/// <summary>
/// Server-sent events in chunks, one event a chunk: the same JSON so many times, then what ends an answer. All of it goes out at
/// once.
/// </summary>
internal sealed class EventStreamFormat : HttpFormat
{
    public override string Name => "sse";

    protected override byte[] Answer(string json, string fields, NullServerOptions options)
    {
        var answer = new StringBuilder($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{fields}Transfer-Encoding: chunked\r\n\r\n");
        foreach (var data in Enumerable.Repeat(json, options.Events).Append(options.Last))
        {
            var one = $"data: {data}\n\n";
            answer.Append($"{Encoding.UTF8.GetByteCount(one):x}\r\n{one}\r\n");
        }
        return Encoding.UTF8.GetBytes(answer.Append("0\r\n\r\n").ToString());
    }
}
