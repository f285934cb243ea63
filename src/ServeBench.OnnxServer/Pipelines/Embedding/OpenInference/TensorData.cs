using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>Reads the numbers and texts of input tensors, from JSON or from the bytes behind it.</summary>
internal static class TensorData
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whole numbers, row by row, whether their arrays are nested or flat.</summary>
    /// <param name="tensor">What they are.</param>
    /// <param name="json">The JSON object of the request.</param>
    /// <param name="binary">The tensor's own bytes, where it has some.</param>
    /// <param name="into">Receives them; as long as the tensor has elements.</param>
    public static ApiError? ReadNumbers(in InputTensor tensor, ReadOnlySpan<byte> json, ReadOnlySpan<byte> binary, Span<long> into) =>
        tensor.JsonAt >= 0 ? ReadJson(tensor, new Utf8JsonReader(json[tensor.JsonAt..]), into) : ReadBinary(tensor, binary, into);

    /// <summary>Hands the texts of a tensor on, one after the other.</summary>
    public static ApiError? ReadTexts(in InputTensor tensor, ReadOnlySpan<byte> json, ReadOnlySpan<byte> binary, in TextIntake intake)
    {
        if (tensor.Columns != 1) return ApiError.Invalid($"the input '{tensor.Name}' must have the shape [n] or [n, 1]", tensor.Name);
        return tensor.JsonAt >= 0
            ? ReadJsonTexts(tensor, new Utf8JsonReader(json[tensor.JsonAt..]), intake)
            : ReadBinaryTexts(tensor, binary, intake);
    }

    /// <summary>What is said of data that is not as long as its shape says.</summary>
    public static ApiError WrongCount(in InputTensor tensor) =>
        ApiError.Invalid($"the data of '{tensor.Name}' does not hold {tensor.Elements} elements, as its shape says", tensor.Name);

    private static ApiError? ReadJson(in InputTensor tensor, Utf8JsonReader json, Span<long> into)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
            return ApiError.Invalid($"the data of '{tensor.Name}' must be an array", tensor.Name);
        var count = 0;
        while (json.CurrentDepth > 0 || json.TokenType != JsonTokenType.EndArray)
        {
            json.Read();
            if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray) continue;
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var number))
                return ApiError.Invalid($"the data of '{tensor.Name}' must be whole numbers", tensor.Name);
            if (count == into.Length) return WrongCount(tensor);
            into[count++] = number;
        }
        return count == into.Length ? null : WrongCount(tensor);
    }

    private static ApiError? ReadBinary(in InputTensor tensor, ReadOnlySpan<byte> bytes, Span<long> into)
    {
        var size = tensor.NumberBytes;
        if (bytes.Length != (long)into.Length * size) return WrongCount(tensor);
        for (var i = 0; i < into.Length; i++)
        {
            var at = bytes[(i * size)..];
            into[i] = size == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(at) : BinaryPrimitives.ReadInt32LittleEndian(at);
        }
        return null;
    }

    private static ApiError? ReadJsonTexts(in InputTensor tensor, Utf8JsonReader json, in TextIntake intake)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
            return ApiError.Invalid($"the data of '{tensor.Name}' must be an array", tensor.Name);
        var count = 0;
        while (json.CurrentDepth > 0 || json.TokenType != JsonTokenType.EndArray)
        {
            json.Read();
            if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray) continue;
            if (json.TokenType != JsonTokenType.String) return ApiError.Invalid($"the data of '{tensor.Name}' must be texts", tensor.Name);
            if (count++ == tensor.Rows) return WrongCount(tensor);
            if (intake.AddText(ref json) is { } error) return error;
        }
        return count == tensor.Rows ? null : WrongCount(tensor);
    }

    /// <summary>Each text is its length in bytes, four of them, lowest first, and its UTF-8.</summary>
    private static ApiError? ReadBinaryTexts(in InputTensor tensor, ReadOnlySpan<byte> bytes, in TextIntake intake)
    {
        for (var row = 0; row < tensor.Rows; row++)
        {
            if (bytes.Length < sizeof(uint)) return WrongCount(tensor);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            bytes = bytes[sizeof(uint)..];
            if (length > bytes.Length) return WrongCount(tensor);
            if (ReadText(bytes[..(int)length], intake) is { } error) return error;
            bytes = bytes[(int)length..];
        }
        return bytes.IsEmpty ? null : WrongCount(tensor);
    }

    private static ApiError? ReadText(ReadOnlySpan<byte> utf8, in TextIntake intake)
    {
        var characters = ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            return intake.AddText(characters.AsSpan(0, Strict.GetChars(utf8, characters)));
        }
        catch (DecoderFallbackException)
        {
            return new ApiError(ErrorKind.Unreadable, "A text is not valid UTF-8", EmbeddingTensors.Text);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }
}
