namespace ServeBench.Domain.Protocols;

/// <summary>One HTTP request whose answer is a stream of server-sent events (the HTML standard, section 9.2).</summary>
/// <param name="Request">What is sent.</param>
/// <param name="Status">The status of a good answer.</param>
/// <param name="End">Which event is the last of an answer.</param>
public sealed record SseTransport(HttpRequestTemplate Request, int Status, StreamEnd End) : Transport("sse");

/// <summary>One call of a gRPC method.</summary>
/// <param name="Proto">Name of the file under k6/protocols that describes the service.</param>
/// <param name="Method">Package, service and method: <c>inference.GRPCInferenceService/ModelInfer</c>.</param>
/// <param name="Streams">Whether the server answers with a stream of messages instead of one.</param>
/// <param name="Message">The request message in JSON, as the proto3 mapping has it.</param>
public sealed record GrpcTransport(string Proto, string Method, bool Streams, JsonBody Message) : Transport("grpc");

/// <summary>One message over a WebSocket, answered with one message or several. The connection stays open for the next.</summary>
/// <param name="Path">Path and query, beginning with a slash.</param>
/// <param name="Message">What is sent, as one text message.</param>
/// <param name="End">Which message is the last of an answer.</param>
public sealed record WebSocketTransport(string Path, JsonBody Message, StreamEnd End) : Transport("websocket");

/// <summary>How the last message of a streamed answer is known. Where neither is given, the first message is also the last.</summary>
/// <param name="Text">It is exactly this text, or null.</param>
/// <param name="When">It is JSON in which this path yields true, or null.</param>
public sealed record StreamEnd(string? Text, JsonPath? When);
