using ServeBench.NullServer.Latency;
using ServeBench.NullServer.Serving;

namespace ServeBench.NullServer.Http;

/// <summary>HTTP/1 with answers that come piece by piece, with a planted time between one and the next.</summary>
/// <param name="first">The head with the first piece.</param>
/// <param name="pieces">All pieces; the first one is not looked at.</param>
/// <param name="model">Plants the times, and cuts some answers.</param>
internal sealed class StreamConversation(HttpAnswers first, byte[][] pieces, ServerModel model) : Conversation
{
    private readonly RequestReader _request = new(model.ReadsBodies);
    private int _next;
    private bool _isCut;

    public override RequestKind RequestKind => _request.RequestKind;

    public override long? Delay => _request.Delay;

    public override long? Pause => IsAnswering && RequestKind == RequestKind.Answer && !IsOver ? model.Pause() : null;

    public override byte[]? BodyHash() => _request.BodyHash();

    public override bool Feed(ReadOnlySpan<byte> bytes) => IsAnswering = _request.Feed(bytes);

    public override void Answer()
    {
        if (RequestKind != RequestKind.Answer)
        {
            Output = RequestKind == RequestKind.Planted
                ? Answers.Ok(model.Planter.ToJson(), _request.Close ? "Connection: close\r\n" : "")
                : Answers.BadRequest;
            IsOver = _request.Close || RequestKind == RequestKind.Nonsense;
            return;
        }
        if (_next == 0)
        {
            _isCut = model.IsCut();
            Output = _request.Close ? first.Last : _request.Keep ? first.Kept : first.Plain;
        }
        else
        {
            Output = pieces[_next];
        }
        _next++;
        if (_isCut && _next >= (pieces.Length + 1) / 2) IsOver = true;
    }

    public override void Sent()
    {
        base.Sent();
        if (RequestKind == RequestKind.Answer && _next < pieces.Length && !IsOver) return;
        IsAnswering = false;
        IsOver |= _request.Close;
        _next = 0;
    }
}
