using ServeBench.NullServer.Http;
using ServeBench.NullServer.Latency;

namespace ServeBench.NullServer.Serving;

/// <summary>Knows what to answer to what was asked, however sockets are served.</summary>
internal sealed class Desk
{
    private readonly byte[] _answer;
    private readonly byte[] _lastAnswer;
    private readonly byte[] _keptAnswer;

    public Desk(NullServerOptions options)
    {
        var body = options.EmbeddingDimensions > 0 ? Answers.Embedding(options.EmbeddingDimensions, options.Items) : Answers.Padding(options.ResponseBytes);
        _answer = Answers.Ok(body);
        _lastAnswer = Answers.Ok(body, "Connection: close\r\n");
        _keptAnswer = Answers.Ok(body, "Connection: keep-alive\r\n");
        Planter = new Planter(options.Latency, options.Seed);
    }

    public Planter Planter { get; }

    /// <summary>How long after the receipt of the request the answer is due, in nanoseconds; null when it is due at once.</summary>
    public long? Delay(RequestReader request) => request.Asked == Asked.Answer ? Planter.Next(request.Delay) : null;

    public byte[] Answer(RequestReader request)
    {
        switch (request.Asked)
        {
            case Asked.Answer:
                return request.Close ? _lastAnswer : request.Keep ? _keptAnswer : _answer;
            case Asked.Planted:
                return Answers.Ok(Planter.ToJson(), request.Close ? "Connection: close\r\n" : "");
            default:
                return Answers.BadRequest;
        }
    }

    /// <summary>True when the connection ends with this answer.</summary>
    public static bool IsLast(RequestReader request, byte[] answer) => request.Close || answer == Answers.BadRequest;
}
