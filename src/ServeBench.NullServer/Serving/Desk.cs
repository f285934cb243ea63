using ServeBench.NullServer.Http;
using ServeBench.NullServer.Latency;

namespace ServeBench.NullServer.Serving;

/// <summary>Knows what to answer to what was asked, however sockets are served.</summary>
internal sealed class Desk
{
    private readonly byte[] _answer;
    private readonly byte[] _lastAnswer;

    public Desk(NullServerOptions options)
    {
        var body = options.EmbeddingDimensions > 0 ? Answers.Embedding(options.EmbeddingDimensions) : Answers.Padding(options.ResponseBytes);
        _answer = Answers.Ok(body);
        _lastAnswer = Answers.Ok(body, close: true);
        Planter = new Planter(options.Latency, options.Seed);
    }

    public Planter Planter { get; }

    /// <summary>True when the answer is sent only after a drawn latency.</summary>
    public bool Delays(RequestReader request) => request.Asked == Asked.Answer && Planter.Delays;

    public byte[] Answer(RequestReader request)
    {
        switch (request.Asked)
        {
            case Asked.Answer:
                return request.Close ? _lastAnswer : _answer;
            case Asked.Planted:
                return Answers.Ok(Planter.ToJson(), request.Close);
            case Asked.Forget:
                Planter.Forget();
                return Answers.Ok("\"forgotten\"", request.Close);
            case Asked.SetLatency when LatencyDistribution.TryParse(request.Query, out _) is { } latency:
                Planter.Use(latency);
                return Answers.Ok("\"planted\"", request.Close);
            default:
                return Answers.BadRequest;
        }
    }

    /// <summary>True when the connection ends with this answer.</summary>
    public static bool IsLast(RequestReader request, byte[] answer) => request.Close || answer == Answers.BadRequest;
}
