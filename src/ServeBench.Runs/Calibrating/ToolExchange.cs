using System.Net;
using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Load.Wire;
using ServeBench.Runs.Payloads;
using ServeBench.Work;

namespace ServeBench.Runs.Calibrating;

/// <summary>What load tools are compared with: one request of one item, and an answer of the size that a stack would give.</summary>
/// <param name="Body">The request's body; tools that speak HTTP post it, whatever the protocol does with it.</param>
/// <param name="Answer">The null server's answer, ASCII.</param>
public sealed record ToolExchange(byte[] Body, string Answer)
{
    /// <summary>The first reference of a kind of work, as a protocol writes it.</summary>
    internal static ToolExchange Of(WorkKind work, ModelArtifact model, Protocol protocol)
    {
        var request = work.References(model)[0].Request;
        var rendered = WireFormat.Of(protocol).Renderer(protocol.Name, new IPEndPoint(IPAddress.Loopback, 0))(
            WorkloadPayloads.VariablesOf(model.Model, request));
        return new ToolExchange(rendered.Bytes[^rendered.BodyBytes..], work.NullAnswer(model, request.Items));
    }
}
