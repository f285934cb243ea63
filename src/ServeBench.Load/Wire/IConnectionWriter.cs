using ServeBench.Load.Encoding;

namespace ServeBench.Load.Wire;

/// <summary>
/// Puts requests on the wire whose bytes depend on their connection, and whatever else has to be said on it. On the hot path: allocates
/// nothing once its buffers have grown.
/// </summary>
internal interface IConnectionWriter
{
    /// <summary>Begins to send a request.</summary>
    /// <param name="request">As it was rendered.</param>
    /// <param name="isFirst">Whether the connection has just been made.</param>
    void Begin(RenderedRequest request, bool isFirst);

    /// <summary>Takes the next piece of what is to be sent by now; what the other side sends may bring about more.</summary>
    /// <param name="bytes">Valid until anything else is asked of this.</param>
    /// <returns>False when there is nothing.</returns>
    bool TryTake(out ReadOnlySpan<byte> bytes);
}
