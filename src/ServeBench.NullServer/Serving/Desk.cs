using ServeBench.NullServer.Http;
using ServeBench.NullServer.Latency;
using ServeBench.NullServer.Wire;
using ServeBench.Platform;

namespace ServeBench.NullServer.Serving;

/// <summary>Knows what to answer to what was asked, however sockets are served.</summary>
internal sealed class Desk
{
    private readonly byte[] _answer;
    private readonly byte[] _lastAnswer;
    private readonly byte[] _keptAnswer;
    private readonly ServerModel _model;

    public Desk(NullServerOptions options)
    {
        var body = options.Body ?? Answers.Padding(options.ResponseBytes);
        var format = AnswerFormats.Get(options.Wire);
        _answer = format.Answer(body, "", options);
        _lastAnswer = format.Answer(body, "Connection: close\r\n", options);
        _keptAnswer = format.Answer(body, "Connection: keep-alive\r\n", options);
        _model = new ServerModel(options);
    }

    public Planter Planter => _model.Planter;

    /// <summary>A reader for one connection.</summary>
    public RequestReader NewReader() => new(_model.ReadsBodies);

    /// <summary>
    /// How long after the receipt of the request the answer is due, in nanoseconds, null when at once; and whether the connection is
    /// to be closed without an answer.
    /// </summary>
    public (long? Delay, bool Dropped) Delay(RequestReader request)
    {
        if (request.RequestKind != RequestKind.Answer) return (null, false);
        var isFirst = !request.IsKnown;
        request.IsKnown = true;
        return _model.Next(MonotonicClock.System.Now, request.Delay, isFirst, request.BodyHash());
    }

    public byte[] Answer(RequestReader request)
    {
        switch (request.RequestKind)
        {
            case RequestKind.Answer:
                return request.Close ? _lastAnswer : request.Keep ? _keptAnswer : _answer;
            case RequestKind.Planted:
                return Answers.Ok(Planter.ToJson(), request.Close ? "Connection: close\r\n" : "");
            default:
                return Answers.BadRequest;
        }
    }

    /// <summary>True when the connection ends with this answer.</summary>
    public static bool IsLast(RequestReader request, byte[] answer) => request.Close || answer == Answers.BadRequest;
}
