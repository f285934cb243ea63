using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ServeBench.Domain.Protocols;

namespace ServeBench.Load.Encoding;

/// <summary>Reads a whole answer as its protocol describes it. Not for the hot path: it parses and allocates.</summary>
public sealed class AnswerDecoder
{
    private readonly HttpResponseShape _shape;
    private readonly JsonDecoding _decoding;

    /// <exception cref="NotSupportedException">when the protocol's answers are not JSON over HTTP.</exception>
    public AnswerDecoder(Protocol protocol)
    {
        (_shape, _decoding) = protocol.Transport is HttpTransport { Response: { Decoding: JsonDecoding json } shape }
            ? (shape, json)
            : throw new NotSupportedException($"{protocol.Name} does not answer with JSON over HTTP; its answers cannot be decoded");
    }

    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="answer">What the answer held.</param>
    /// <param name="problem">What is wrong with it, for people: the path, what stands there instead, how the body begins.</param>
    /// <returns>False when the answer is not what the protocol describes.</returns>
    public bool TryDecode(int status, ReadOnlyMemory<byte> body, [NotNullWhen(true)] out DecodedAnswer? answer, out string problem)
    {
        answer = null;
        problem = "";
        try
        {
            if (status != _shape.Status)
            {
                problem = $"status {status} instead of {_shape.Status}; the body begins: {Beginning(body.Span)}";
                return false;
            }
            using var document = JsonDocument.Parse(body);
            answer = Decode(document.RootElement);
            return true;
        }
        catch (JsonException e)
        {
            problem = $"the answer is not JSON ({e.Message}); it begins: {Beginning(body.Span)}";
        }
        catch (AnswerShapeException e)
        {
            problem = $"{e.Message}; the body begins: {Beginning(body.Span)}";
        }
        return false;
    }

    private DecodedAnswer Decode(JsonElement root)
    {
        var items = 0;
        JsonPathEvaluator.Visit(root, _decoding.Items, (_, _) => items++);
        List<float[]>? embeddings = null;
        if (_decoding.Embedding is { } path)
        {
            embeddings = new List<float[]>(items);
            JsonPathEvaluator.Visit(root, path, (element, at) => embeddings.Add(Vector(element, at)));
            if (embeddings.Count != items)
                throw new AnswerShapeException($"{_decoding.Items} yields {items} items but {path} yields {embeddings.Count} embeddings");
        }
        long? tokens = null;
        if (_decoding.InputTokens is { } tokensPath)
            JsonPathEvaluator.Visit(root, tokensPath, (element, at) => tokens = (tokens ?? 0) + Count(element, at));
        return new DecodedAnswer(items, embeddings, tokens);
    }

    private static float[] Vector(JsonElement element, string at)
    {
        if (element.ValueKind != JsonValueKind.Array) throw new AnswerShapeException($"{at} is {JsonPathEvaluator.Kind(element)} instead of an array of numbers");
        var vector = new float[element.GetArrayLength()];
        var i = 0;
        foreach (var number in element.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetSingle(out var value) || !float.IsFinite(value))
                throw new AnswerShapeException($"{at}[{i}] is {JsonPathEvaluator.Kind(number)} instead of a finite number");
            vector[i++] = value;
        }
        return vector;
    }

    private static long Count(JsonElement element, string at) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var count) && count >= 0
            ? count
            : throw new AnswerShapeException($"{at} is {JsonPathEvaluator.Kind(element)} instead of a count");

    /// <summary>The first characters of a body, on one line, for an error.</summary>
    internal static string Beginning(ReadOnlySpan<byte> body)
    {
        const int most = 160;
        if (body.IsEmpty) return "(empty)";
        var text = System.Text.Encoding.UTF8.GetString(body[..Math.Min(body.Length, most)]);
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return body.Length > most ? $"{line}... ({body.Length} bytes)" : line;
    }
}
