using System.Buffers;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Http;

namespace ServeBench.Load.Answers;

/// <summary>
/// Keeps of the answers of one connection, one after the other, what their rules ask for, and says what each means. Allocates nothing once
/// its buffers have grown, and copies nothing of an answer whose status has no rules.
/// </summary>
internal sealed class AnswerWatch(AnswerRules rules) : IBodySink
{
    /// <summary>Bytes of a body that are looked at. What an error says is at its beginning; what is longer than this is no error.</summary>
    private const int Most = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _head = new();
    private readonly ArrayBufferWriter<byte> _body = new();
    private IBodySink? _next;
    private bool _keepsHead;
    private int _status;

    /// <summary>The status line of the next answer has come.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="sink">Who else wants its body.</param>
    /// <returns>Who is to receive its body.</returns>
    public IBodySink? Begin(int status, IBodySink? sink)
    {
        _status = status;
        _keepsHead = false;
        if (!rules.Knows(status)) return sink;
        _head.ResetWrittenCount();
        _body.ResetWrittenCount();
        _keepsHead = rules.NeedsHead(status);
        _next = sink;
        return rules.NeedsBody(status) ? this : sink;
    }

    /// <summary>A field of the head has come.</summary>
    public void Field(ReadOnlySpan<byte> line)
    {
        if (!_keepsHead) return;
        _head.Write(line);
        _head.Write("\n"u8);
    }

    public void Append(ReadOnlySpan<byte> body)
    {
        _body.Write(body[..Math.Min(body.Length, Most - _body.WrittenCount)]);
        _next?.Append(body);
    }

    /// <summary>What the answer means, now that it is whole; null where no rule fits.</summary>
    public OutcomeMeaning? Meaning => rules.Of(_status, _head.WrittenSpan, _body.WrittenSpan);
}
