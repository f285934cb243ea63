using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.Generation.OpenAi;

/// <summary>Answers of POST /v1/completions.</summary>
internal sealed class CompletionFormat(GenerationModel model, long created, bool includesUsage)
    : OpenAiFormat(model, created, "cmpl", includesUsage)
{
    protected override ReadOnlySpan<byte> WholeObject => "text_completion"u8;

    protected override ReadOnlySpan<byte> EventObject => "text_completion"u8;

    protected override void WriteText(Utf8Output into, ReadOnlySpan<char> text) => into.Raw("\"text\":"u8).Text(text);

    protected override void WriteEvent(Utf8Output into, int item, ReadOnlySpan<char> text, FinishReason finish)
    {
        BeginEvent(into, item);
        WriteText(into, text);
        FinishEvent(into, finish);
    }
}
