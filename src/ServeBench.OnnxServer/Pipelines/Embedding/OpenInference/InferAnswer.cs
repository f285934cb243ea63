using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>The answer of an inference request: what is around the embeddings, and they themselves as numbers or as bytes.</summary>
/// <param name="Model">The model asked for.</param>
/// <param name="Form">How the embeddings are written.</param>
/// <param name="Head">What stands before the first.</param>
/// <param name="Tail">What stands behind the last.</param>
internal readonly record struct InferAnswer(
    EmbeddingModel Model, OutputForm Form, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Tail) : IAnswer<EmbeddingRequest>
{
    ServedModel IAsked<EmbeddingRequest>.Model => Model;

    public string ContentType => Form.ContentType();

    public int HeadRoom => Head.Length;

    public int ItemRoom => Form == OutputForm.Json ? 1 + NumberWriter.RoomForArray(Model.Dimensions) : Model.Dimensions * sizeof(float);

    public int TailRoom => Tail.Length;

    public static InferAnswer Of(EmbeddingModel model, InferHeader asked, int texts)
    {
        var pieces = InferHead.Render(model.Name, asked, [EmbeddingTensors.Of(model, texts)]);
        return pieces.Count > 1
            ? new InferAnswer(model, OutputForm.Json, pieces[0], pieces[1])
            : new InferAnswer(model, OutputForm.Binary, pieces[0], default);
    }

    public void Complete(HttpResponse response) => Form.Complete(response, Head.Length);

    public bool TryQueue(EmbeddingRequest request) => request.TryQueue(Model.Queue, Model.Dimensions);

    public int WriteHead(EmbeddingRequest request, Span<byte> into) => NumberWriter.Write(Head.Span, into);

    public int WriteItem(EmbeddingRequest request, int index, Span<byte> into)
    {
        var embedding = request.Embedding(index);
        if (Form != OutputForm.Json) return NumberWriter.Write(NumberWriter.AsLittleEndian(embedding), into);
        var at = index == 0 ? 0 : NumberWriter.Write(","u8, into);
        return at + NumberWriter.WriteList(embedding, into[at..]);
    }

    public int WriteTail(EmbeddingRequest request, Span<byte> into) => NumberWriter.Write(Tail.Span, into);
}
