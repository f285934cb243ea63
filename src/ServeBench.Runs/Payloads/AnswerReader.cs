using ServeBench.Domain.Protocols;
using ServeBench.Load.Encoding;
using ServeBench.Work;

namespace ServeBench.Runs.Payloads;

/// <summary>Reads the answers of a protocol as kinds of work understand them.</summary>
internal sealed class AnswerReader(Protocol protocol)
{
    private readonly AnswerDecoder _decoder = new(protocol);

    /// <returns>The answer, or null with what is wrong with it.</returns>
    public (ServedAnswer? Answer, string Problem) Read(int status, ReadOnlyMemory<byte> body) =>
        _decoder.TryDecode(status, body, out var decoded, out var problem) ? (new ServedAnswer(decoded.Items, decoded.Embeddings), "") : (null, problem);
}
