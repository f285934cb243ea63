using ServeBench.OnnxServer.Protocols.Protobuf;

namespace ServeBench.OnnxServer.Protocols.OpenInference.Grpc;

/// <summary>
/// Reads the message ModelInferRequest where it lies; the data of tensors stays there, too, whether it is in
/// <c>raw_input_contents</c> or in <c>contents</c>. Every method ends with a <see cref="ProtobufException"/> where the bytes are no such
/// message.
/// </summary>
internal static class InferMessageReader
{
    private const int RawContents = 7;

    /// <summary>The model's name and version; empty where they are not given.</summary>
    public static (string Name, string Version) ModelOf(ReadOnlySpan<byte> message)
    {
        var (name, version) = ("", "");
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out var field))
        {
            if (field == 1) name = reader.ReadText();
            else if (field == 2) version = reader.ReadText();
            else reader.Skip();
        }
        return (name, version);
    }

    /// <summary>Reads what the message says.</summary>
    /// <param name="contract">What it may hold.</param>
    /// <param name="into">Receives it.</param>
    public static ApiError? Read(ReadOnlySpan<byte> message, InferContract contract, InferHeader into)
    {
        into.WantsBinary = true;
        var raw = new List<(int At, int Length)>();
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out var field))
        {
            ApiError? error = null;
            switch (field)
            {
                case 3:
                    into.Id = reader.ReadText() is { Length: > 0 } id ? id : null;
                    break;
                case 4:
                    error = InferMessageParameters.Read(reader.ReadMessage(), ParameterReader.Timeout, out var microseconds);
                    into.Timeout = ParameterReader.TimeoutOf(microseconds) ?? into.Timeout;
                    break;
                case 5:
                    error = ReadInput(reader.ReadMessage(), contract, into);
                    break;
                case 6:
                    error = ReadOutput(reader.ReadMessage(), contract, into);
                    break;
                case RawContents:
                    var length = reader.ReadBytes().Length;
                    raw.Add((reader.Position - length, length));
                    break;
                default:
                    reader.Skip();
                    break;
            }
            if (error is not null) return error;
        }
        return PlaceRaw(raw, into);
    }

    private static ApiError? ReadInput(ProtobufReader reader, InferContract contract, InferHeader into)
    {
        var (name, type) = ("", "");
        var shape = default(TensorShape);
        (int At, int Length)? contents = null;
        Span<int> sizes = stackalloc int[TensorShape.Most];
        var dimensions = 0;
        while (reader.TryReadField(out var field))
        {
            switch (field)
            {
                case 1:
                    name = reader.ReadText();
                    break;
                case 2:
                    type = reader.ReadText();
                    break;
                case 3 when reader.Type == WireType.Varint:
                    if (!TryAdd(reader.ReadNumber(), sizes, ref dimensions)) return TensorShape.Wrong(contract.MostDimensions);
                    break;
                case 3:
                    for (var packed = reader.ReadMessage(); !packed.IsAtEnd;)
                    {
                        if (!TryAdd(packed.ReadVarint(), sizes, ref dimensions)) return TensorShape.Wrong(contract.MostDimensions);
                    }
                    break;
                case 4:
                    if (InferMessageParameters.Read(reader.ReadMessage(), "", out _) is { } error) return error;
                    break;
                case 5:
                    var length = reader.ReadBytes().Length;
                    if (length > 0) contents = (reader.Position - length, length);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (!contract.Inputs.Contains(name)) return InferContract.Unknown("a name", contract.Inputs);
        if (!contract.Types.Contains(type)) return InferContract.Unknown("a datatype", contract.Types);
        if (dimensions == 0 || dimensions > contract.MostDimensions) return TensorShape.Wrong(contract.MostDimensions);
        if (contract.Check(name, type) is { } wrong) return wrong;
        if (into.Inputs.Exists(i => i.Name == name)) return ApiError.Invalid($"inputs holds '{name}' twice", "inputs");
        shape = TensorShape.Of(sizes[..dimensions]);
        // Where there are no contents, the data is behind the descriptions; its place is found at the end.
        into.Inputs.Add(
            contents is { } given
                ? new InputTensor(name, type, shape, TensorForm.Contents, given.At, given.Length)
                : new InputTensor(name, type, shape, TensorForm.Binary, -1, 0));
        return null;
    }

    private static ApiError? ReadOutput(ProtobufReader reader, InferContract contract, InferHeader into)
    {
        var name = "";
        while (reader.TryReadField(out var field))
        {
            if (field == 1) name = reader.ReadText();
            else if (field != 2) reader.Skip();
            else if (InferMessageParameters.Read(reader.ReadMessage(), "", out _) is { } error) return error;
        }
        if (!contract.Outputs.Contains(name)) return InferContract.Unknown("an output's name", contract.Outputs);
        into.Outputs.Add((name, null));
        return null;
    }

    /// <summary>Gives each input its data: all of them from raw_input_contents, in their order, or each from its own contents.</summary>
    private static ApiError? PlaceRaw(List<(int At, int Length)> raw, InferHeader into)
    {
        var hasContents = into.Inputs.Exists(i => i.Form == TensorForm.Contents);
        if (raw.Count > 0 && hasContents)
            return ApiError.Invalid("inputs must have their data in contents, or in raw_input_contents, not in both", "inputs");
        if (!hasContents && raw.Count != into.Inputs.Count)
            return ApiError.Invalid($"there are {raw.Count} raw_input_contents for {into.Inputs.Count} inputs", "inputs");
        for (var i = 0; i < raw.Count; i++) into.Inputs[i] = into.Inputs[i] with { At = raw[i].At, Length = raw[i].Length };
        return into.Inputs.Exists(i => i.At < 0) ? ApiError.Invalid("an input has no data", "inputs") : null;
    }

    private static bool TryAdd(ulong size, Span<int> sizes, ref int dimensions)
    {
        if (size is 0 or > int.MaxValue || dimensions == sizes.Length) return false;
        sizes[dimensions++] = (int)size;
        return true;
    }
}
