using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Targets;
using ServeBench.Load.Answers;
using ServeBench.Load.Encoding;

namespace ServeBench.Load.Wire;

/// <summary>
/// How requests and answers travel, with the settings of one protocol; one class each, and nobody else asks which one it is. It
/// renders requests, reads answers, asks single questions, and says what a k6 script needs. <see cref="WireFormats"/> finds its reader.
/// </summary>
public abstract class WireFormat : IWireFormat
{
    public abstract string Name { get; }

    /// <summary>Why answers cannot be compared with references, as the end of a sentence; null where they can.</summary>
    public virtual string? Uncomparable => null;

    /// <summary>The status of a good answer: one of HTTP, or 0, which is OK in gRPC, and where answers have none.</summary>
    public virtual int ExpectedStatus => 0;

    /// <summary>Names of files beside the protocol's own that are part of it.</summary>
    public virtual IReadOnlyList<string> Files => [];

    /// <summary>Whether it stands on HTTP/2, so that a path of the server's own has no place.</summary>
    public bool IsOverHttp2 => ApplicationProtocol == SslApplicationProtocol.Http2;

    /// <summary>Whether an answer is a series of events, whose times are recorded.</summary>
    public virtual bool HasEvents => false;

    public virtual bool HasTextEvents => false;

    /// <summary>Whether events hold pieces of one text, which are recorded where the job counts what is in them.</summary>
    public virtual bool HasTexts => false;

    /// <summary>What client and server agree upon while TLS is set up (ALPN): the version of HTTP that it stands on.</summary>
    internal virtual SslApplicationProtocol ApplicationProtocol => SslApplicationProtocol.Http11;

    /// <summary>The arguments with which the null server answers in this format.</summary>
    public abstract IReadOnlyList<string> NullServerArguments { get; }

    /// <summary>What turns payloads into requests.</summary>
    /// <param name="protocol">Name of the protocol, for faults.</param>
    /// <param name="target">The server.</param>
    public abstract Func<PayloadVariables, RenderedRequest> Renderer(string protocol, ServerTarget target);

    /// <summary>Understands a whole answer as the protocol describes it. Not for the hot path: it parses and allocates.</summary>
    /// <param name="kept">The answer.</param>
    /// <param name="decoded">What it held.</param>
    /// <param name="problem">What is wrong with it, for people: the path, what is there instead, how the body begins.</param>
    /// <returns>False when the answer is not what the protocol describes.</returns>
    /// <exception cref="NotSupportedException">when there is a reason under <see cref="Uncomparable"/>.</exception>
    public abstract bool TryDecode(KeptAnswer kept, [NotNullWhen(true)] out DecodedAnswer? decoded, out string problem);

    /// <summary>Puts one request on a connection of its own, outside any measurement: for readiness and parity.</summary>
    /// <param name="target">The server.</param>
    /// <param name="request">Rendered by <see cref="Renderer"/>.</param>
    /// <param name="payload">Its number, for the answer.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The whole answer, whatever its status, with what it means.</returns>
    /// <exception cref="IOException">when there is no connection, no whole answer, or one of another format; says which.</exception>
    /// <exception cref="TimeoutException">when the answer is not whole within the limit.</exception>
    public Task<KeptAnswer> AskAsync(
        ServerTarget target, RenderedRequest request, int payload, TimeSpan limit, CancellationToken cancellationToken) =>
        AskAsync(target, request, payload, limit, [], cancellationToken);

    /// <inheritdoc cref="AskAsync(ServerTarget, RenderedRequest, int, TimeSpan, CancellationToken)"/>
    /// <param name="rules">What the stack says that its answers mean.</param>
    public Task<KeptAnswer> AskAsync(
        ServerTarget target,
        RenderedRequest request,
        int payload,
        TimeSpan limit,
        IReadOnlyList<OutcomeRule> rules,
        CancellationToken cancellationToken) =>
        SingleExchange.AskAsync(NewReader(AnswerRules.Of(rules)), target, ApplicationProtocol, request, payload, limit, cancellationToken);

    /// <summary>A request for which the null server takes a time of the request's own.</summary>
    /// <param name="server">The null server, with <see cref="NullServerArguments"/>.</param>
    /// <param name="delay">Nanoseconds.</param>
    public virtual RenderedRequest Planted(IPEndPoint server, long delay)
    {
        var head = $"POST /delay/{delay} HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
        return new RenderedRequest(System.Text.Encoding.ASCII.GetBytes(head + "{}"), BodyBytes: 2, Items: 1);
    }

    /// <summary>The wire format of a protocol.</summary>
    public static WireFormat Of(Protocol protocol) => (WireFormat)protocol.Wire;

    /// <summary>What k6 needs to speak it.</summary>
    internal abstract K6Speech K6 { get; }

    /// <summary>Reads the answers of one connection.</summary>
    /// <param name="rules">What they mean; null where their status says it.</param>
    internal abstract AnswerReader NewReader(AnswerRules? rules = null);
}
