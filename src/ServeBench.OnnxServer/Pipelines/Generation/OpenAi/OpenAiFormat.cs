using ServeBench.OnnxServer.Pipelines.Generation.Answering;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenAi;

namespace ServeBench.OnnxServer.Pipelines.Generation.OpenAi;

/// <summary>What answers of both of OpenAI's interfaces have in common. A token without any text has no event of its own.</summary>
/// <param name="model">The model asked.</param>
/// <param name="created">When, in seconds since 1970.</param>
/// <param name="kind">What the id of an answer begins with.</param>
/// <param name="includesUsage">Whether a stream ends with the numbers of tokens.</param>
internal abstract class OpenAiFormat(GenerationModel model, long created, string kind, bool includesUsage) : GenerationFormat
{
    private readonly string _id = $"{kind}-{Random.Shared.NextInt64():x16}";

    /// <summary>What an answer that is sent whole calls itself.</summary>
    protected abstract ReadOnlySpan<byte> WholeObject { get; }

    /// <summary>What an event calls itself.</summary>
    protected abstract ReadOnlySpan<byte> EventObject { get; }

    public sealed override void WriteWhole(Utf8Output into, GenerationRequest request)
    {
        WriteHead(into, WholeObject);
        for (var item = 0; item < request.Count; item++)
        {
            WriteChoice(into.Raw(item == 0 ? ""u8 : ","u8), item);
            WriteText(into, request[item].Text);
            WriteFinish(into, request[item].Finish);
        }
        WriteUsage(into.Raw("],"u8), request);
        into.Raw("}"u8);
    }

    public sealed override void WriteToken(Utf8Output into, GenerationRequest request, int item, in TokenPiece piece)
    {
        if (piece.Text.IsEmpty && piece.Finish == FinishReason.None) return;
        WriteEvent(into, item, piece.Text, piece.Finish);
    }

    public sealed override void WriteEnd(Utf8Output into, GenerationRequest request)
    {
        if (includesUsage)
        {
            WriteHead(into.Raw("data: "u8), EventObject);
            WriteUsage(into.Raw("],"u8), request);
            into.Raw("}\n\n"u8);
        }
        into.Raw("data: [DONE]\n\n"u8);
    }

    public sealed override void WriteFailure(Utf8Output into, ApiError error) =>
        into.Raw("data: "u8).Raw(OpenAiErrors.Render(error).Span).Raw("\n\ndata: [DONE]\n\n"u8);

    /// <summary>The member of a choice with its text, of an answer that is sent whole.</summary>
    protected abstract void WriteText(Utf8Output into, ReadOnlySpan<char> text);

    /// <summary>The events that a token makes.</summary>
    protected abstract void WriteEvent(Utf8Output into, int item, ReadOnlySpan<char> text, FinishReason finish);

    /// <summary>An event up to its choice's own members.</summary>
    protected void BeginEvent(Utf8Output into, int item)
    {
        WriteHead(into.Raw("data: "u8), EventObject);
        WriteChoice(into, item);
    }

    /// <summary>The rest of an event.</summary>
    protected void FinishEvent(Utf8Output into, FinishReason finish)
    {
        WriteFinish(into, finish);
        into.Raw(includesUsage ? "],\"usage\":null}\n\n"u8 : "]}\n\n"u8);
    }

    private void WriteHead(Utf8Output into, ReadOnlySpan<byte> what) => into
        .Raw("{\"id\":"u8).Text(_id).Raw(",\"object\":\""u8).Raw(what).Raw("\",\"created\":"u8).Number(created)
        .Raw(",\"model\":"u8).Raw(model.JsonName).Raw(",\"choices\":["u8);

    private static void WriteChoice(Utf8Output into, int item) => into.Raw("{\"index\":"u8).Number(item).Raw(","u8);

    private static void WriteFinish(Utf8Output into, FinishReason finish) =>
        into.Raw(",\"logprobs\":null,\"finish_reason\":"u8).Raw(OpenAiSampling.WordOf(finish)).Raw("}"u8);

    /// <summary>The member with the numbers of tokens.</summary>
    public static void WriteUsage(Utf8Output into, GenerationRequest request)
    {
        var (prompt, generated) = (request.PromptTokens, request.GeneratedTokens);
        into.Raw("\"usage\":{\"prompt_tokens\":"u8).Number(prompt).Raw(",\"completion_tokens\":"u8).Number(generated)
            .Raw(",\"total_tokens\":"u8).Number(prompt + generated).Raw("}"u8);
    }
}
