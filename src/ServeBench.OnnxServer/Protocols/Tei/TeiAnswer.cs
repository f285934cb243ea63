using ServeBench.OnnxServer.Batching;
using ServeBench.OnnxServer.Inference;
using ServeBench.OnnxServer.Protocols.Inference;

namespace ServeBench.OnnxServer.Protocols.Tei;

/// <summary>The answer of POST /embed: an array with an array of numbers for each text.</summary>
/// <param name="Model">The model asked.</param>
internal readonly record struct TeiAnswer(ServedModel Model) : IAnswer
{
    public string ContentType => "application/json";

    public int HeadRoom => 1;

    public int ItemRoom => 1 + NumberText.RoomForArray(Model.Dimensions);

    public int TailRoom => 1;

    public void SetHeaders(IHeaderDictionary headers)
    {
    }

    public int WriteHead(InferenceRequest request, Span<byte> into) => NumberText.Write("["u8, into);

    public int WriteItem(InferenceRequest request, int index, Span<byte> into)
    {
        var at = index == 0 ? 0 : NumberText.Write(","u8, into);
        return at + NumberText.WriteArray(request.Embedding(index), into[at..]);
    }

    public int WriteTail(InferenceRequest request, Span<byte> into) => NumberText.Write("]"u8, into);
}
