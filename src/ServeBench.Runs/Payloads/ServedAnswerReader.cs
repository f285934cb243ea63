using ServeBench.Domain.Protocols;
using ServeBench.Load;
using ServeBench.Load.Wire;
using ServeBench.Work;

namespace ServeBench.Runs.Payloads;

/// <summary>Reads the answers of a protocol as kinds of work understand them.</summary>
internal sealed class ServedAnswerReader(Protocol protocol)
{
    private readonly WireFormat _wire = WireFormat.Of(protocol);

    /// <returns>The answer, or null with what is wrong with it.</returns>
    public (ServedAnswer? Answer, string Problem) Read(KeptAnswer answer) =>
        _wire.TryDecode(answer, out var decoded, out var problem)
            ? (new ServedAnswer(decoded.Items, decoded.Vectors), "")
            : (null, problem);
}
