using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>The answer of an inference request: a JSON object with the embeddings in it, or with their bytes behind it.</summary>
/// <param name="Model">The model asked for.</param>
/// <param name="Head">The JSON up to the first number, or all of it where bytes follow.</param>
/// <param name="Tail">The JSON behind the last number; empty where bytes follow.</param>
/// <param name="IsBinary">True when bytes follow.</param>
internal readonly record struct InferAnswer(
    EmbeddingModel Model, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Tail, bool IsBinary) : IAnswer<EmbeddingRequest>
{
    ServedModel IAnswer<EmbeddingRequest>.Model => Model;

    public string ContentType => IsBinary ? "application/octet-stream" : "application/json";

    public int HeadRoom => Head.Length;

    public int ItemRoom => IsBinary ? Model.Dimensions * sizeof(float) : 1 + NumberWriter.RoomForArray(Model.Dimensions);

    public int TailRoom => Tail.Length;

    public static InferAnswer Of(EmbeddingModel model, InferHeader asked, int texts)
    {
        var pieces = InferHead.Render(model.Name, asked, [EmbeddingTensors.Of(model, texts)]);
        return new InferAnswer(model, pieces[0], pieces.Count > 1 ? pieces[1] : default, pieces.Count == 1);
    }

    public void SetHeaders(IHeaderDictionary headers)
    {
        if (IsBinary) headers[InferHead.LengthHeader] = $"{Head.Length}";
    }

    public bool TryQueue(EmbeddingRequest request) => request.TryQueue(Model.Queue, Model.Dimensions);

    public int WriteHead(EmbeddingRequest request, Span<byte> into) => NumberWriter.Write(Head.Span, into);

    public int WriteItem(EmbeddingRequest request, int index, Span<byte> into)
    {
        var embedding = request.Embedding(index);
        if (IsBinary) return NumberWriter.Write(NumberWriter.AsLittleEndian(embedding), into);
        var at = index == 0 ? 0 : NumberWriter.Write(","u8, into);
        return at + NumberWriter.WriteList(embedding, into[at..]);
    }

    public int WriteTail(EmbeddingRequest request, Span<byte> into) => NumberWriter.Write(Tail.Span, into);
}
