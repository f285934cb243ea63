using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using ServeBench.OnnxServer.Protocols.Protobuf;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>Reads the numbers of input tensors, and the elements of those of BYTES, in whatever form they are in the body.</summary>
internal static class TensorData
{
    /// <summary>The field of InferTensorContents that holds elements of BYTES.</summary>
    private const int BytesContents = 8;

    /// <summary>Whole numbers, row by row, whether their arrays are nested or flat.</summary>
    /// <param name="tensor">What they are.</param>
    /// <param name="body">The body of the request.</param>
    /// <param name="into">Receives them; as long as the tensor has elements.</param>
    public static ApiError? ReadNumbers(in InputTensor tensor, ReadOnlySpan<byte> body, Span<long> into)
    {
        var data = tensor.Data(body);
        if (tensor.Form == TensorForm.Json) return ReadJson(tensor, data, into, "whole numbers", TryWhole);
        if (tensor.Form == TensorForm.Contents)
            return ContentsOf(tensor, body, out data) ?? ReadVarints(tensor, data, into);
        var size = tensor.NumberBytes;
        if (data.Length != (long)into.Length * size) return WrongCount(tensor);
        for (var i = 0; i < into.Length; i++)
        {
            var at = data[(i * size)..];
            into[i] = size == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(at) : BinaryPrimitives.ReadInt32LittleEndian(at);
        }
        return null;
    }

    /// <summary>Singles, as <see cref="ReadNumbers"/>.</summary>
    /// <inheritdoc cref="ReadNumbers"/>
    public static ApiError? ReadSingles(in InputTensor tensor, ReadOnlySpan<byte> body, Span<float> into)
    {
        var data = tensor.Data(body);
        if (tensor.Form == TensorForm.Json) return ReadJson(tensor, data, into, "numbers", TrySingle);
        if (tensor.Form == TensorForm.Contents && ContentsOf(tensor, body, out data) is { } error) return error;
        if (data.Length != (long)into.Length * sizeof(float)) return WrongCount(tensor);
        data.CopyTo(MemoryMarshal.AsBytes(into));
        return null;
    }

    /// <summary>Numbers from 0 to 255, as <see cref="ReadNumbers"/>.</summary>
    /// <inheritdoc cref="ReadNumbers"/>
    public static ApiError? ReadOctets(in InputTensor tensor, ReadOnlySpan<byte> body, Span<byte> into)
    {
        var data = tensor.Data(body);
        if (tensor.Form == TensorForm.Json) return ReadJson(tensor, data, into, "whole numbers from 0 to 255", TryOctet);
        if (tensor.Form == TensorForm.Contents)
            return ContentsOf(tensor, body, out data) ?? ReadVarintOctets(tensor, data, into);
        if (data.Length != into.Length) return WrongCount(tensor);
        data.CopyTo(into);
        return null;
    }

    /// <summary>Hands the elements of a tensor of BYTES on, one after the other.</summary>
    public static ApiError? ReadElements<T>(in InputTensor tensor, ReadOnlySpan<byte> body, in T intake)
        where T : struct, IBytesIntake
    {
        if (tensor.Elements != tensor.Rows)
            return ApiError.Invalid($"the input '{tensor.Name}' must have the shape [n] or [n, 1]", tensor.Name);
        var data = tensor.Data(body);
        return tensor.Form switch
        {
            TensorForm.Json => ReadJsonElements(tensor, data, intake),
            TensorForm.Binary => ReadBinaryElements(tensor, data, intake),
            _ => ReadContents(tensor, data, intake),
        };
    }

    /// <summary>What is said of data that is not as long as its shape says.</summary>
    public static ApiError WrongCount(in InputTensor tensor) =>
        ApiError.Invalid($"the data of '{tensor.Name}' does not hold {tensor.Elements} elements, as its shape says", tensor.Name);

    private delegate bool TryRead<T>(ref Utf8JsonReader json, out T number);

    private static bool TryWhole(ref Utf8JsonReader json, out long number) => json.TryGetInt64(out number);

    private static bool TrySingle(ref Utf8JsonReader json, out float number) => json.TryGetSingle(out number);

    private static bool TryOctet(ref Utf8JsonReader json, out byte number) => json.TryGetByte(out number);

    private static ApiError? ReadJson<T>(in InputTensor tensor, ReadOnlySpan<byte> data, Span<T> into, string what, TryRead<T> read)
    {
        var json = new Utf8JsonReader(data);
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) return NoArray(tensor);
        var count = 0;
        while (json.CurrentDepth > 0 || json.TokenType != JsonTokenType.EndArray)
        {
            json.Read();
            if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray) continue;
            if (json.TokenType != JsonTokenType.Number || !read(ref json, out var number))
                return ApiError.Invalid($"the data of '{tensor.Name}' must be {what}", tensor.Name);
            if (count == into.Length) return WrongCount(tensor);
            into[count++] = number;
        }
        return count == into.Length ? null : WrongCount(tensor);
    }

    private static ApiError? ReadVarints(in InputTensor tensor, ReadOnlySpan<byte> data, Span<long> into)
    {
        var reader = new ProtobufReader(data);
        for (var i = 0; i < into.Length; i++)
        {
            if (reader.IsAtEnd) return WrongCount(tensor);
            into[i] = (long)reader.ReadVarint();
        }
        return reader.IsAtEnd ? null : WrongCount(tensor);
    }

    private static ApiError? ReadVarintOctets(in InputTensor tensor, ReadOnlySpan<byte> data, Span<byte> into)
    {
        var reader = new ProtobufReader(data);
        for (var i = 0; i < into.Length; i++)
        {
            if (reader.IsAtEnd) return WrongCount(tensor);
            var number = reader.ReadVarint();
            if (number > byte.MaxValue)
                return ApiError.Invalid($"the data of '{tensor.Name}' must be whole numbers from 0 to 255", tensor.Name);
            into[i] = (byte)number;
        }
        return reader.IsAtEnd ? null : WrongCount(tensor);
    }

    private static ApiError? ReadJsonElements<T>(in InputTensor tensor, ReadOnlySpan<byte> data, in T intake)
        where T : struct, IBytesIntake
    {
        var json = new Utf8JsonReader(data);
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) return NoArray(tensor);
        var count = 0;
        while (json.CurrentDepth > 0 || json.TokenType != JsonTokenType.EndArray)
        {
            json.Read();
            if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray) continue;
            if (json.TokenType != JsonTokenType.String) return ApiError.Invalid($"the data of '{tensor.Name}' must be texts", tensor.Name);
            if (count++ == tensor.Rows) return WrongCount(tensor);
            if (intake.Take(ref json) is { } error) return error;
        }
        return count == tensor.Rows ? null : WrongCount(tensor);
    }

    /// <summary>Each element is its length in bytes, four of them, lowest first, and itself.</summary>
    private static ApiError? ReadBinaryElements<T>(in InputTensor tensor, ReadOnlySpan<byte> bytes, in T intake)
        where T : struct, IBytesIntake
    {
        for (var row = 0; row < tensor.Rows; row++)
        {
            if (bytes.Length < sizeof(uint)) return WrongCount(tensor);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            bytes = bytes[sizeof(uint)..];
            if (length > bytes.Length) return WrongCount(tensor);
            if (intake.Take(bytes[..(int)length]) is { } error) return error;
            bytes = bytes[(int)length..];
        }
        return bytes.IsEmpty ? null : WrongCount(tensor);
    }

    private static ApiError? ReadContents<T>(in InputTensor tensor, ReadOnlySpan<byte> contents, in T intake)
        where T : struct, IBytesIntake
    {
        var reader = new ProtobufReader(contents);
        var count = 0;
        while (reader.TryReadField(out var field))
        {
            if (field != BytesContents)
            {
                reader.Skip();
                continue;
            }
            if (count++ == tensor.Rows) return WrongCount(tensor);
            if (intake.Take(reader.ReadBytes()) is { } error) return error;
        }
        return count == tensor.Rows ? null : WrongCount(tensor);
    }

    /// <summary>The numbers of a message InferTensorContents, all in one packed field, as writers of proto3 put them.</summary>
    private static ApiError? ContentsOf(InputTensor tensor, ReadOnlySpan<byte> body, out ReadOnlySpan<byte> numbers)
    {
        numbers = [];
        var wanted = tensor.DataType switch { Tensors.Int32 => 2, Tensors.Int64 => 3, Tensors.Byte => 4, _ => 6 };
        var found = 0;
        var reader = new ProtobufReader(tensor.Data(body));
        while (reader.TryReadField(out var field))
        {
            if (field != wanted || reader.Type != WireType.Bytes || found++ > 0)
                return ApiError.Invalid(
                    $"the contents of '{tensor.Name}' must be one packed field of its type {tensor.DataType}", tensor.Name);
            numbers = reader.ReadBytes();
        }
        return null;
    }

    private static ApiError NoArray(in InputTensor tensor) =>
        ApiError.Invalid($"the data of '{tensor.Name}' must be an array", tensor.Name);
}
