namespace ServeBench.OnnxServer.Protocols.Protobuf;

/// <summary>Says why bytes are no protobuf message of the kind that is expected.</summary>
internal sealed class ProtobufException(string message) : Exception(message);
