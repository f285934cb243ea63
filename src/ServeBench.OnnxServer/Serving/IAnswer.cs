using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Serving;

/// <summary>
/// What a request asked, and how it is answered: a head, a piece for each item, and a tail, each written into memory that the
/// caller provides.
/// </summary>
/// <typeparam name="T">The pipeline's requests.</typeparam>
internal interface IAnswer<T> : IAsked<T>
    where T : ScheduledRequest
{
    string ContentType { get; }

    /// <summary>Bytes that <see cref="WriteHead"/> needs at most.</summary>
    int HeadRoom { get; }

    /// <summary>Bytes that <see cref="WriteItem"/> needs at most.</summary>
    int ItemRoom { get; }

    /// <summary>Bytes that <see cref="WriteTail"/> needs at most.</summary>
    int TailRoom { get; }

    /// <summary>Sets what the response's head and trailers say beside the usual. Its length is set where it is known.</summary>
    void Complete(HttpResponse response);

    /// <returns>The bytes written.</returns>
    int WriteHead(T request, Span<byte> into);

    /// <param name="index">Which item.</param>
    /// <inheritdoc cref="WriteHead"/>
    int WriteItem(T request, int index, Span<byte> into);

    /// <inheritdoc cref="WriteHead"/>
    int WriteTail(T request, Span<byte> into);
}
