using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.Generation.OpenAi;

/// <summary>Answers of POST /v1/chat/completions. The event that names the role leaves with the first token.</summary>
internal sealed class ChatFormat(GenerationModel model, long created, bool includesUsage)
    : OpenAiFormat(model, created, "chatcmpl", includesUsage)
{
    private bool _hasRole;

    protected override ReadOnlySpan<byte> WholeObject => "chat.completion"u8;

    protected override ReadOnlySpan<byte> EventObject => "chat.completion.chunk"u8;

    protected override void WriteText(Utf8Output into, ReadOnlySpan<char> text) =>
        into.Raw("\"message\":{\"role\":\"assistant\",\"content\":"u8).Text(text).Raw(",\"refusal\":null}"u8);

    protected override void WriteEvent(Utf8Output into, int item, ReadOnlySpan<char> text, FinishReason finish)
    {
        if (!_hasRole)
        {
            _hasRole = true;
            BeginEvent(into, item);
            into.Raw("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}"u8);
            FinishEvent(into, FinishReason.None);
        }
        BeginEvent(into, item);
        into.Raw("\"delta\":{\"content\":"u8).Text(text).Raw("}"u8);
        FinishEvent(into, finish);
    }
}
