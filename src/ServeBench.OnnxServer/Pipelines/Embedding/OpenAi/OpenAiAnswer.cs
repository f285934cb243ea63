using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenAi;

/// <summary>The answer of POST /v1/embeddings.</summary>
/// <param name="Model">The model asked for.</param>
/// <param name="IsBase64">True when embeddings are wanted as base64 of their bytes, false for arrays of numbers.</param>
internal readonly record struct OpenAiAnswer(EmbeddingModel Model, bool IsBase64) : IAnswer<EmbeddingRequest>
{
    ServedModel IAsked<EmbeddingRequest>.Model => Model;

    public string ContentType => "application/json";

    public int HeadRoom => 64;

    public int ItemRoom =>
        64 + NumberWriter.LongestInteger + (IsBase64
            ? NumberWriter.RoomForBase64(Model.Dimensions)
            : NumberWriter.RoomForArray(Model.Dimensions));

    public int TailRoom => 128 + 2 * NumberWriter.LongestInteger + Model.JsonName.Length;

    public void Complete(HttpResponse response)
    {
    }

    public bool TryQueue(EmbeddingRequest request) => request.TryQueue(Model.Queue, Model.Dimensions);

    public int WriteHead(EmbeddingRequest request, Span<byte> into) => NumberWriter.Write("{\"object\":\"list\",\"data\":["u8, into);

    public int WriteItem(EmbeddingRequest request, int index, Span<byte> into)
    {
        var at = index == 0 ? 0 : NumberWriter.Write(","u8, into);
        at += NumberWriter.Write("{\"object\":\"embedding\",\"index\":"u8, into[at..]);
        at += NumberWriter.Write(index, into[at..]);
        at += NumberWriter.Write(",\"embedding\":"u8, into[at..]);
        var embedding = request.Embedding(index);
        at += IsBase64 ? NumberWriter.WriteBase64(embedding, into[at..]) : NumberWriter.WriteArray(embedding, into[at..]);
        return at + NumberWriter.Write("}"u8, into[at..]);
    }

    public int WriteTail(EmbeddingRequest request, Span<byte> into)
    {
        var at = NumberWriter.Write("],\"model\":"u8, into);
        at += NumberWriter.Write(Model.JsonName, into[at..]);
        at += NumberWriter.Write(",\"usage\":{\"prompt_tokens\":"u8, into[at..]);
        at += NumberWriter.Write(request.TokenCount, into[at..]);
        at += NumberWriter.Write(",\"total_tokens\":"u8, into[at..]);
        at += NumberWriter.Write(request.TokenCount, into[at..]);
        return at + NumberWriter.Write("}}"u8, into[at..]);
    }
}
