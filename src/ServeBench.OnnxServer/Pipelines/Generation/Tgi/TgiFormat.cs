using ServeBench.OnnxServer.Pipelines.Generation.Answering;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.Generation.Tgi;

/// <summary>Answers of Text Generation Inference: every token has an event, the last one's carries the whole text.</summary>
/// <param name="model">The model asked.</param>
/// <param name="details">Whether the end says why it came and how many tokens there were.</param>
/// <param name="seed">What texts are drawn with; null for nothing given.</param>
internal sealed class TgiFormat(GenerationModel model, bool details, long? seed) : GenerationFormat
{
    public override void WriteWhole(Utf8Output into, GenerationRequest request)
    {
        var sequence = request[0];
        into.Raw("{\"generated_text\":"u8).Text(sequence.Text);
        if (details)
        {
            WriteDetails(into.Raw(",\"details\":{"u8), sequence);
            into.Raw(",\"prefill\":[],\"tokens\":["u8);
            for (var i = 0; i < sequence.Count; i++) WriteToken(into.Raw(i == 0 ? ""u8 : ","u8), sequence[i]);
            into.Raw("]}"u8);
        }
        into.Raw("}"u8);
    }

    public override void WriteToken(Utf8Output into, GenerationRequest request, int item, in TokenPiece piece)
    {
        var sequence = request[item];
        into.Raw("data:{\"index\":"u8).Number(piece.Index + 1).Raw(",\"token\":"u8);
        WriteToken(into, piece);
        if (piece.Finish == FinishReason.None)
        {
            into.Raw(",\"generated_text\":null,\"details\":null}\n\n"u8);
            return;
        }
        into.Raw(",\"generated_text\":"u8).Text(sequence.Text).Raw(",\"details\":"u8);
        if (details)
        {
            WriteDetails(into.Raw("{"u8), sequence);
            into.Raw(",\"input_length\":"u8).Number(sequence.Prompt.Length).Raw("}}\n\n"u8);
        }
        else into.Raw("null}\n\n"u8);
    }

    public override void WriteFailure(Utf8Output into, ApiError error) =>
        into.Raw("data:"u8).Raw(TgiErrors.Render(error).Span).Raw("\n\n"u8);

    private void WriteToken(Utf8Output into, in TokenPiece piece) => into
        .Raw("{\"id\":"u8).Number(piece.Id).Raw(",\"text\":"u8).Text(piece.Text).Raw(",\"logprob\":"u8).Number(piece.Logprob)
        .Raw(piece.Id == model.Own.Tokenizer.End ? ",\"special\":true}"u8 : ",\"special\":false}"u8);

    private void WriteDetails(Utf8Output into, GeneratedSequence sequence)
    {
        into.Raw("\"finish_reason\":"u8)
            .Raw(
                sequence.Finish switch
                {
                    FinishReason.EndToken => "\"eos_token\""u8,
                    FinishReason.StopText => "\"stop_sequence\""u8,
                    _ => "\"length\""u8,
                })
            .Raw(",\"generated_tokens\":"u8).Number(sequence.Count).Raw(",\"seed\":"u8);
        if (seed is { } given) into.Number(given);
        else into.Raw("null"u8);
    }
}
