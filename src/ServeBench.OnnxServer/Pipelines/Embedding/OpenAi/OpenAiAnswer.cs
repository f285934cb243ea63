using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenAi;

/// <summary>The answer of POST /v1/embeddings.</summary>
/// <param name="Model">The model asked for.</param>
/// <param name="IsBase64">True when embeddings are wanted as base64 of their bytes, false for arrays of numbers.</param>
internal readonly record struct OpenAiAnswer(EmbeddingModel Model, bool IsBase64) : IAnswer<EmbeddingRequest>
{
    ServedModel IAnswer<EmbeddingRequest>.Model => Model;

    public string ContentType => "application/json";

    public int HeadRoom => 64;

    public int ItemRoom =>
        64 + NumberText.LongestInteger + (IsBase64
            ? NumberText.RoomForBase64(Model.Dimensions)
            : NumberText.RoomForArray(Model.Dimensions));

    public int TailRoom => 128 + 2 * NumberText.LongestInteger + Model.JsonName.Length;

    public void SetHeaders(IHeaderDictionary headers)
    {
    }

    public bool TryQueue(EmbeddingRequest request) => request.TryQueue(Model.Queue, Model.Dimensions);

    public int WriteHead(EmbeddingRequest request, Span<byte> into) => NumberText.Write("{\"object\":\"list\",\"data\":["u8, into);

    public int WriteItem(EmbeddingRequest request, int index, Span<byte> into)
    {
        var at = index == 0 ? 0 : NumberText.Write(","u8, into);
        at += NumberText.Write("{\"object\":\"embedding\",\"index\":"u8, into[at..]);
        at += NumberText.Write(index, into[at..]);
        at += NumberText.Write(",\"embedding\":"u8, into[at..]);
        var embedding = request.Embedding(index);
        at += IsBase64 ? NumberText.WriteBase64(embedding, into[at..]) : NumberText.WriteArray(embedding, into[at..]);
        return at + NumberText.Write("}"u8, into[at..]);
    }

    public int WriteTail(EmbeddingRequest request, Span<byte> into)
    {
        var at = NumberText.Write("],\"model\":"u8, into);
        at += NumberText.Write(Model.JsonName, into[at..]);
        at += NumberText.Write(",\"usage\":{\"prompt_tokens\":"u8, into[at..]);
        at += NumberText.Write(request.TokenCount, into[at..]);
        at += NumberText.Write(",\"total_tokens\":"u8, into[at..]);
        at += NumberText.Write(request.TokenCount, into[at..]);
        return at + NumberText.Write("}}"u8, into[at..]);
    }
}
