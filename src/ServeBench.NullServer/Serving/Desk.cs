using ServeBench.NullServer.Http;
using ServeBench.NullServer.Latency;
using ServeBench.NullServer.Wire;
using ServeBench.Platform;

namespace ServeBench.NullServer.Serving;

/// <summary>Knows when to answer what was asked, however sockets are served.</summary>
internal sealed class Desk
{
    private readonly Func<Conversation> _begin;
    private readonly ServerModel _model;

    public Desk(NullServerOptions options)
    {
        _model = new ServerModel(options);
        var body = options.Body ?? Answers.Padding(options.ResponseBytes);
        _begin = AnswerFormats.Get(options.Wire).ConversationFactory(body, options, _model);
    }

    public Planter Planter => _model.Planter;

    /// <summary>For one connection.</summary>
    public Conversation NewConversation() => _begin();

    /// <summary>
    /// How long after the receipt of the request the answer is due, in nanoseconds, null when at once; and whether the connection is
    /// to be closed without an answer.
    /// </summary>
    public (long? Delay, bool Dropped) Delay(Conversation request)
    {
        if (request.RequestKind != RequestKind.Answer) return (null, false);
        var isFirst = !request.IsKnown;
        request.IsKnown = true;
        return _model.Next(MonotonicClock.System.Now, request.Delay, isFirst, request.BodyHash());
    }
}
