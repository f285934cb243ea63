namespace ServeBench.Domain.Protocols;

/// <summary>One k6/protocols/&lt;name&gt;.yaml: how to speak to a server. Drivers turn it into bytes; k6 scripts into JavaScript.</summary>
public sealed record Protocol
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>Where the protocol is specified.</summary>
    public required string Specification { get; init; }

    /// <summary>The kind of payload it carries, for example <c>text</c>: a workload can use it when the kinds are equal.</summary>
    public required string Payload { get; init; }

    public required Transport Transport { get; init; }
}

/// <summary>
/// How requests and answers travel. One subtype per wire format; drivers say which they can drive. HTTP with whole
/// answers is here; the others are beside it, each in its own file.
/// </summary>
public abstract record Transport(string Name);

/// <summary>One HTTP request and one whole response.</summary>
public sealed record HttpTransport(HttpRequestTemplate Request, HttpResponseShape Response) : Transport("http");

/// <param name="Method">For example <c>POST</c>.</param>
/// <param name="Path">Path and query, beginning with a slash; may hold <c>${model}</c>.</param>
/// <param name="Headers">Sent as written; Host, Content-Length and Content-Type are the driver's.</param>
/// <param name="Body">What is sent.</param>
public sealed record HttpRequestTemplate(string Method, string Path, IReadOnlyDictionary<string, string> Headers, BodyTemplate Body);

/// <summary>A request body with placeholders.</summary>
public abstract record BodyTemplate(string ContentType);

/// <summary>A JSON body.</summary>
public sealed record JsonBody(JsonTemplate Root) : BodyTemplate("application/json");

/// <param name="Status">The status of a good answer.</param>
/// <param name="Decoding">How the body is understood.</param>
public sealed record HttpResponseShape(int Status, BodyDecoding Decoding);

/// <summary>How a response body is understood.</summary>
public abstract record BodyDecoding;

/// <summary>A JSON answer.</summary>
/// <param name="Items">Path that yields one value per item answered; how many it yields is the number of items.</param>
/// <param name="Embedding">Path that yields one array of numbers per item, or null when the items are not embeddings.</param>
/// <param name="InputTokens">Path of the count of input tokens that the server reports, or null.</param>
public sealed record JsonDecoding(JsonPath Items, JsonPath? Embedding, JsonPath? InputTokens) : BodyDecoding;
