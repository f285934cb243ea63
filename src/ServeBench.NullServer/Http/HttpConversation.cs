using ServeBench.NullServer.Latency;
using ServeBench.NullServer.Serving;

namespace ServeBench.NullServer.Http;

/// <summary>The answers of a server, made once: they differ by whether the connection goes on.</summary>
/// <param name="Plain">Where it goes on because nobody says otherwise.</param>
/// <param name="Last">Where it ends.</param>
/// <param name="Kept">Where it goes on because the client of an older version asks for it.</param>
internal sealed record HttpAnswers(byte[] Plain, byte[] Last, byte[] Kept);

/// <summary>HTTP/1: one request, one answer.</summary>
internal sealed class HttpConversation(HttpAnswers answers, ServerModel model) : Conversation
{
    private readonly RequestReader _request = new(model.ReadsBodies);

    public override RequestKind RequestKind => _request.RequestKind;

    public override long? Delay => _request.Delay;

    public override byte[]? BodyHash() => _request.BodyHash();

    public override bool Feed(ReadOnlySpan<byte> bytes) => IsAnswering = _request.Feed(bytes);

    public override void Answer()
    {
        Output = _request.RequestKind switch
        {
            RequestKind.Answer => _request.Close ? answers.Last : _request.Keep ? answers.Kept : answers.Plain,
            RequestKind.Planted => Answers.Ok(model.Planter.ToJson(), _request.Close ? "Connection: close\r\n" : ""),
            _ => Answers.BadRequest,
        };
        IsOver = _request.Close || _request.RequestKind == RequestKind.Nonsense;
    }

    public override void Sent()
    {
        base.Sent();
        IsAnswering = false;
    }
}
