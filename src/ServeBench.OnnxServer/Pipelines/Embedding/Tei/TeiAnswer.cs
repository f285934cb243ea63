using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.Tei;

/// <summary>The answer of POST /embed: an array with an array of numbers for each text.</summary>
/// <param name="Model">The model asked.</param>
internal readonly record struct TeiAnswer(EmbeddingModel Model) : IAnswer<EmbeddingRequest>
{
    ServedModel IAsked<EmbeddingRequest>.Model => Model;

    public string ContentType => "application/json";

    public int HeadRoom => 1;

    public int ItemRoom => 1 + NumberWriter.RoomForArray(Model.Dimensions);

    public int TailRoom => 1;

    public void Complete(HttpResponse response)
    {
    }

    public bool TryQueue(EmbeddingRequest request) => request.TryQueue(Model.Queue, Model.Dimensions);

    public int WriteHead(EmbeddingRequest request, Span<byte> into) => NumberWriter.Write("["u8, into);

    public int WriteItem(EmbeddingRequest request, int index, Span<byte> into)
    {
        var at = index == 0 ? 0 : NumberWriter.Write(","u8, into);
        return at + NumberWriter.WriteArray(request.Embedding(index), into[at..]);
    }

    public int WriteTail(EmbeddingRequest request, Span<byte> into) => NumberWriter.Write("]"u8, into);
}
