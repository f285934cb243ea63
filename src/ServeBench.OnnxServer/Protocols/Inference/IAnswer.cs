using ServeBench.OnnxServer.Batching;
using ServeBench.OnnxServer.Inference;

namespace ServeBench.OnnxServer.Protocols.Inference;

/// <summary>
/// What a request asked, and how it is answered: a head, a piece for each text, and a tail, each written into memory that the
/// caller provides. Structures implement it, so that a request costs no allocation for it.
/// </summary>
internal interface IAnswer
{
    /// <summary>The model asked for.</summary>
    ServedModel Model { get; }

    string ContentType { get; }

    /// <summary>Bytes that <see cref="WriteHead"/> needs at most.</summary>
    int HeadRoom { get; }

    /// <summary>Bytes that <see cref="WriteItem"/> needs at most.</summary>
    int ItemRoom { get; }

    /// <summary>Bytes that <see cref="WriteTail"/> needs at most.</summary>
    int TailRoom { get; }

    /// <summary>Sets headers beside the usual ones.</summary>
    void SetHeaders(IHeaderDictionary headers);

    /// <returns>The bytes written.</returns>
    int WriteHead(InferenceRequest request, Span<byte> into);

    /// <param name="index">Which text.</param>
    /// <inheritdoc cref="WriteHead"/>
    int WriteItem(InferenceRequest request, int index, Span<byte> into);

    /// <inheritdoc cref="WriteHead"/>
    int WriteTail(InferenceRequest request, Span<byte> into);
}
