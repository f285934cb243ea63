namespace ServeBench.Load.Protobuf;

/// <summary>A message type together with how its fields of bytes stand in JSON.</summary>
/// <param name="Type">The message.</param>
/// <param name="Bytes">By field; those that are not in here are in base64.</param>
internal sealed record ProtoForm(ProtoMessage Type, IReadOnlyDictionary<ProtoField, BytesAs> Bytes)
{
    /// <summary>All bytes in base64, as the proto3 mapping has it.</summary>
    public static ProtoForm Plain(ProtoMessage type) => new(type, new Dictionary<ProtoField, BytesAs>());
}

/// <summary>A value is not what its message type asks for.</summary>
/// <param name="at">Where it is: <c>inputs[0].shape[1]</c>; empty for the message itself.</param>
/// <param name="problem">What is wrong.</param>
internal sealed class ProtoValueException(string at, string problem)
    : Exception($"{(at.Length == 0 ? "the message" : at)}: {problem}");
