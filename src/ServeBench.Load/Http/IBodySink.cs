namespace ServeBench.Load.Http;

/// <summary>Receives an answer's body as it arrives, with the transfer coding removed.</summary>
internal interface IBodySink
{
    void Append(ReadOnlySpan<byte> body);
}
