using ServeBench.Domain.Protocols;

namespace ServeBench.Load.Wire;

/// <summary>Every wire format that a protocol file can name.</summary>
public static class WireFormats
{
    public static IReadOnlyList<IWireFormatReader> All { get; } =
        [new HttpJson.Reader(), new ServerSentEvents.Reader(), new GrpcCall.Reader(), new WebSocketMessages.Reader()];
}
