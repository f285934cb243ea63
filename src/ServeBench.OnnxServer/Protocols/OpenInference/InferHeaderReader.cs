using System.Text.Json;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>
/// Reads the JSON object of an inference request. Members that the protocol does not know are ignored; those that may be left out
/// may be null.
/// </summary>
internal static class InferHeaderReader
{
    /// <param name="json">Stands before the object.</param>
    /// <param name="contract">What it may hold.</param>
    /// <param name="into">Receives what it says; binary data has no place yet (<see cref="InferHeader.PlaceBinary"/>).</param>
    /// <exception cref="JsonException">when it is no JSON.</exception>
    public static ApiError? Read(Utf8JsonReader json, InferContract contract, InferHeader into)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return ApiError.Invalid("The body must be a JSON object");
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            ApiError? error = null;
            if (json.ValueTextEquals("id"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.String) into.Id = json.GetString();
                else if (json.TokenType != JsonTokenType.Null) error = ApiError.Invalid("id must be a string", "id");
            }
            else if (json.ValueTextEquals("parameters"u8))
            {
                error = ParameterReader.Read(ref json, "binary_data_output", ParameterReader.Timeout, out var flag, out var microseconds);
                into.WantsBinary = flag ?? false;
                into.Timeout = ParameterReader.TimeoutOf(microseconds);
            }
            else if (json.ValueTextEquals("inputs"u8))
            {
                error = ReadInputs(ref json, contract, into);
            }
            else if (json.ValueTextEquals("outputs"u8))
            {
                error = ReadOutputs(ref json, contract, into);
            }
            else
            {
                json.Read();
                json.Skip();
            }
            if (error is not null) return error;
        }
        // Nothing may follow the object; the reader says so itself.
        json.Read();
        return null;
    }

    private static ApiError? ReadInputs(ref Utf8JsonReader json, InferContract contract, InferHeader into)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) return ApiError.Invalid("inputs must be an array", "inputs");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (ReadInput(ref json, contract, out var input) is { } error) return error;
            if (into.Inputs.Any(i => i.Name == input.Name)) return ApiError.Invalid($"inputs holds '{input.Name}' twice", "inputs");
            into.Inputs.Add(input);
        }
        return null;
    }

    private static ApiError? ReadInput(ref Utf8JsonReader json, InferContract contract, out InputTensor input)
    {
        input = default;
        if (json.TokenType != JsonTokenType.StartObject) return ApiError.Invalid("every input must be an object", "inputs");
        string? name = null, type = null;
        TensorShape shape = default;
        var (data, dataBytes) = (-1, 0);
        long? binary = null;
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            ApiError? error = null;
            if (json.ValueTextEquals("name"u8))
            {
                name = ReadWord(ref json, contract.Inputs, "a name", out error);
            }
            else if (json.ValueTextEquals("datatype"u8))
            {
                type = ReadWord(ref json, contract.Types, "a datatype", out error);
            }
            else if (json.ValueTextEquals("shape"u8))
            {
                error = ReadShape(ref json, contract.MostDimensions, out shape);
            }
            else if (json.ValueTextEquals("parameters"u8))
            {
                error = ParameterReader.Read(ref json, "", "binary_data_size", out _, out binary);
            }
            else if (json.ValueTextEquals("data"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.Null) continue;
                data = (int)json.TokenStartIndex;
                json.Skip();
                dataBytes = (int)json.BytesConsumed - data;
            }
            else
            {
                json.Read();
                json.Skip();
            }
            if (error is not null) return error;
        }
        if (name is null || type is null || shape.Dimensions == 0)
            return ApiError.Invalid("every input must have a name, a datatype and a shape", "inputs");
        if ((data >= 0) == binary.HasValue)
            return ApiError.Invalid($"the input '{name}' must have either data or the parameter binary_data_size", "inputs");
        if (contract.Check(name, type) is { } wrong) return wrong;
        if (binary > int.MaxValue)
            return ApiError.Invalid($"the input '{name}' has a binary_data_size of {binary}, more than any body", "inputs");
        input = binary is { } length
            ? new InputTensor(name, type, shape, TensorForm.Binary, 0, (int)length)
            : new InputTensor(name, type, shape, TensorForm.Json, data, dataBytes);
        return null;
    }

    private static ApiError? ReadOutputs(ref Utf8JsonReader json, InferContract contract, InferHeader into)
    {
        json.Read();
        // As if they were left out: all outputs are wanted.
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType != JsonTokenType.StartArray) return ApiError.Invalid("outputs must be an array", "outputs");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) return ApiError.Invalid("every output must be an object", "outputs");
            string? name = null;
            bool? isBinary = null;
            while (json.Read() && json.TokenType != JsonTokenType.EndObject)
            {
                ApiError? error = null;
                if (json.ValueTextEquals("name"u8))
                {
                    name = ReadWord(ref json, contract.Outputs, "an output's name", out error);
                }
                else if (json.ValueTextEquals("parameters"u8))
                {
                    error = ParameterReader.Read(ref json, "binary_data", "", out isBinary, out _);
                }
                else
                {
                    json.Read();
                    json.Skip();
                }
                if (error is not null) return error;
            }
            if (name is null) return ApiError.Invalid("every output must have a name", "outputs");
            into.Outputs.Add((name, isBinary));
        }
        return null;
    }

    private static ApiError? ReadShape(ref Utf8JsonReader json, int most, out TensorShape shape)
    {
        shape = default;
        Span<int> sizes = stackalloc int[TensorShape.Most];
        var count = 0;
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) return TensorShape.Wrong(most);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out var size) || size < 1 || count == most)
                return TensorShape.Wrong(most);
            sizes[count++] = size;
        }
        if (count == 0) return TensorShape.Wrong(most);
        shape = TensorShape.Of(sizes[..count]);
        return null;
    }

    private static string? ReadWord(ref Utf8JsonReader json, string[] known, string what, out ApiError? error)
    {
        error = null;
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            foreach (var word in known)
            {
                if (json.ValueTextEquals(word)) return word;
            }
        }
        error = InferContract.Unknown(what, known);
        return null;
    }
}
