using System.Text.Json;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>
/// Reads the JSON object of an inference request. Members that the protocol does not know are ignored; those that may be left out
/// may be null.
/// </summary>
internal static class InferHeaderReader
{
    /// <exception cref="JsonException">when it is no JSON.</exception>
    public static ApiError? Read(Utf8JsonReader json, InferHeader into)
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
                into.Timeout = microseconds > 0 ? TimeSpan.FromMicroseconds((double)microseconds) : null;
            }
            else if (json.ValueTextEquals("inputs"u8))
            {
                error = ReadInputs(ref json, into);
            }
            else if (json.ValueTextEquals("outputs"u8))
            {
                error = ReadOutputs(ref json, into);
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

    private static ApiError? ReadInputs(ref Utf8JsonReader json, InferHeader into)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) return ApiError.Invalid("inputs must be an array", "inputs");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (ReadInput(ref json, out var input) is { } error) return error;
            if (into.Inputs.Any(i => i.Name == input.Name)) return ApiError.Invalid($"inputs holds '{input.Name}' twice", "inputs");
            into.Inputs.Add(input);
        }
        return null;
    }

    private static ApiError? ReadInput(ref Utf8JsonReader json, out InputTensor input)
    {
        input = default;
        if (json.TokenType != JsonTokenType.StartObject) return ApiError.Invalid("every input must be an object", "inputs");
        string? name = null, type = null;
        int rows = 0, columns = 0, data = -1, dataBytes = 0;
        long? binary = null;
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            ApiError? error = null;
            if (json.ValueTextEquals("name"u8))
            {
                name = ReadWord(ref json, [EmbeddingTensors.Ids, EmbeddingTensors.Mask, EmbeddingTensors.Text], "a name", out error);
            }
            else if (json.ValueTextEquals("datatype"u8))
            {
                type = ReadWord(ref json, [Tensors.Int64, Tensors.Int32, Tensors.Bytes], "a datatype", out error);
            }
            else if (json.ValueTextEquals("shape"u8))
            {
                error = ReadShape(ref json, out rows, out columns);
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
        if (name is null || type is null || rows == 0)
            return ApiError.Invalid("every input must have a name, a datatype and a shape", "inputs");
        if ((data >= 0) == binary.HasValue)
            return ApiError.Invalid($"the input '{name}' must have either data or the parameter binary_data_size", "inputs");
        if ((name == EmbeddingTensors.Text) != (type == Tensors.Bytes))
            return ApiError.Invalid($"the input '{name}' cannot be of type {type}", "inputs");
        if (binary > int.MaxValue)
            return ApiError.Invalid($"the input '{name}' has a binary_data_size of {binary}, more than any body", "inputs");
        input = new InputTensor(name, type, rows, columns, data, dataBytes, (int)(binary ?? 0));
        return null;
    }

    private static ApiError? ReadOutputs(ref Utf8JsonReader json, InferHeader into)
    {
        json.Read();
        // As if they were left out: all outputs are wanted.
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType != JsonTokenType.StartArray) return ApiError.Invalid("outputs must be an array", "outputs");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) return ApiError.Invalid("every output must be an object", "outputs");
            string? name = null;
            while (json.Read() && json.TokenType != JsonTokenType.EndObject)
            {
                ApiError? error = null;
                if (json.ValueTextEquals("name"u8))
                {
                    name = ReadWord(ref json, [EmbeddingTensors.Embedding], "an output's name", out error);
                }
                else if (json.ValueTextEquals("parameters"u8))
                {
                    error = ParameterReader.Read(ref json, "binary_data", "", out var binary, out _);
                    into.WantsBinaryEmbedding = binary;
                }
                else
                {
                    json.Read();
                    json.Skip();
                }
                if (error is not null) return error;
            }
            if (name is null) return ApiError.Invalid("every output must have a name", "outputs");
        }
        return null;
    }

    private static ApiError? ReadShape(ref Utf8JsonReader json, out int rows, out int columns)
    {
        (rows, columns) = (0, 1);
        var wrong = ApiError.Invalid("a shape must hold one or two whole numbers greater than 0", "shape");
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) return wrong;
        var dimension = 0;
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; dimension++)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out var size) || size < 1 || dimension == 2) return wrong;
            if (dimension == 0) rows = size;
            else columns = size;
        }
        return dimension == 0 ? wrong : null;
    }

    private static string? ReadWord(ref Utf8JsonReader json, scoped ReadOnlySpan<string> known, string what, out ApiError? error)
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
        error = ApiError.Invalid($"{what} must be one of {string.Join(", ", known)}", "inputs");
        return null;
    }
}
