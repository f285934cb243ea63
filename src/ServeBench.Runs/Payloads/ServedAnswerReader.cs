using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Load;
using ServeBench.Load.Wire;
using ServeBench.Work;

namespace ServeBench.Runs.Payloads;

/// <summary>Reads the answers of a protocol as kinds of work understand them.</summary>
internal sealed class ServedAnswerReader(Protocol protocol)
{
    private readonly WireFormat _wire = WireFormat.Of(protocol);

    /// <returns>The answer, or null with what is wrong with it.</returns>
    public (ServedAnswer? Answer, string Problem) Read(KeptAnswer answer)
    {
        if (answer.Meaning is { } meaning and not OutcomeMeaning.Success)
            return (null, $"status {answer.Status}, by the stack's outcomes {Words(meaning)}; the body begins: {answer.Beginning}");
        return _wire.TryDecode(answer, out var decoded, out var problem)
            ? (new ServedAnswer(decoded.Items, decoded.Vectors) { Text = decoded.Text }, "")
            : (null, problem);
    }

    private static string Words(OutcomeMeaning meaning) => meaning switch
    {
        OutcomeMeaning.Rejected => "a request that the server had no room for",
        OutcomeMeaning.ClientFault => "a request that was wrong",
        OutcomeMeaning.Timeout => "a request for which the server ran out of time",
        _ => "a failure of the server",
    };
}
