using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.Generation.Answering;

/// <summary>How one request is answered: as a whole, or as a stream of events. An object for each request.</summary>
internal abstract class GenerationFormat
{
    /// <summary>The whole answer, once every sequence has ended.</summary>
    public abstract void WriteWhole(Utf8Output into, GenerationRequest request);

    /// <summary>A token as an event of a stream; nothing where the protocol has no event for it.</summary>
    /// <param name="into">Where to.</param>
    /// <param name="request">The request.</param>
    /// <param name="item">Which of its sequences.</param>
    /// <param name="piece">The token.</param>
    public abstract void WriteToken(Utf8Output into, GenerationRequest request, int item, in TokenPiece piece);

    /// <summary>What ends a stream whose sequences have all ended.</summary>
    public virtual void WriteEnd(Utf8Output into, GenerationRequest request)
    {
    }

    /// <summary>What ends a stream that cannot go on.</summary>
    public abstract void WriteFailure(Utf8Output into, ApiError error);
}
