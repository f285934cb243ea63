namespace ServeBench.OnnxServer.Protocols.Protobuf;

/// <summary>How a field's value is written (Protocol Buffers, Encoding, "Message Structure").</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
