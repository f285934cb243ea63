using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Yaml;
using ServeBench.Load.K6.Scripts;

namespace ServeBench.Load.Wire;

/// <summary>How a JSON answer, or the JSON of each event of a stream, is understood.</summary>
/// <param name="Items">Path that yields one value per item answered; how many it yields is the number of items.</param>
/// <param name="Embedding">Path that yields one array of numbers per item, or null when the items are not embeddings.</param>
/// <param name="InputTokens">Path of the count of input tokens that the server reports, or null.</param>
public sealed record JsonAnswer(JsonPath Items, JsonPath? Embedding, JsonPath? InputTokens)
{
    /// <summary>Reads <c>json:</c>.</summary>
    public static JsonAnswer Read(YamlMapping json) => new(
        ProtocolSection.RequiredPath(json, "items"),
        ProtocolSection.OptionalPath(json, "embedding"),
        ProtocolSection.OptionalPath(json, "input-tokens"));

    /// <summary>Reads a whole body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="answer">What it held.</param>
    /// <param name="problem">What is wrong with it, for people: the path, what is there instead, how the body begins.</param>
    /// <returns>False when the body is not what the protocol describes.</returns>
    public bool TryDecode(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out DecodedAnswer? answer, out string problem)
    {
        answer = null;
        problem = "";
        try
        {
            using var document = JsonDocument.Parse(body);
            answer = Decode([document.RootElement], mayLack: false);
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

    /// <summary>Reads a stream: each event may hold any part of the answer, or none; together they hold the items in order.</summary>
    /// <param name="events">The data of each event that is JSON.</param>
    /// <param name="answer">What they held.</param>
    /// <param name="problem">What is wrong, for people: which event, the path, what is there instead, how it begins.</param>
    /// <returns>False when they are not what the protocol describes.</returns>
    public bool TryDecode(IReadOnlyList<ReadOnlyMemory<byte>> events, [NotNullWhen(true)] out DecodedAnswer? answer, out string problem)
    {
        answer = null;
        problem = "";
        var documents = new List<JsonDocument>();
        try
        {
            foreach (var data in events) documents.Add(JsonDocument.Parse(data));
            answer = Decode([.. documents.Select(d => d.RootElement)], mayLack: true);
            if (answer.Items > 0) return true;
            answer = null;
            problem = $"none of {events.Count} events has {Items}";
        }
        catch (JsonException e)
        {
            problem = $"event {documents.Count} is not JSON ({e.Message}); it begins: {Beginning(events[documents.Count].Span)}";
        }
        catch (AnswerShapeException e)
        {
            problem = e.Message;
        }
        finally
        {
            documents.ForEach(d => d.Dispose());
        }
        return false;
    }

    /// <summary>The checks of an answer in a k6 script.</summary>
    internal IEnumerable<ScriptCheck> Checks()
    {
        var items = GjsonPath.Of(Items);
        yield return new ScriptCheck("one answer for each item", GjsonPath.IsCount(Items)
            ? $"a.json({ScriptModel.Quoted(items)}) === payload.items"
            : $"listOf(a.json({ScriptModel.Quoted(items)})).length === payload.items");
        if (Embedding is { } embedding)
            yield return new ScriptCheck(
                "every item is a vector",
                $"listOf(a.json({ScriptModel.Quoted(GjsonPath.Of(embedding))})).every((v) => listOf(v).length > 0)");
    }

    /// <param name="parts">The answer, or the events that make it up.</param>
    /// <param name="mayLack">Whether a part need not have what a path asks for.</param>
    private DecodedAnswer Decode(IReadOnlyList<JsonElement> parts, bool mayLack)
    {
        var items = 0;
        List<float[]>? embeddings = Embedding is null ? null : [];
        long? tokens = null;
        foreach (var part in parts)
        {
            JsonPathEvaluator.Visit(part, Items, mayLack, (_, _) => items++);
            if (Embedding is { } path) JsonPathEvaluator.Visit(part, path, mayLack, (element, at) => embeddings!.Add(Vector(element, at)));
            if (InputTokens is not { } count) continue;
            // A stream that counts again and again counts what there was so far.
            long? counted = null;
            JsonPathEvaluator.Visit(part, count, mayLack, (element, at) => counted = (counted ?? 0) + Count(element, at));
            tokens = counted ?? tokens;
        }
        if (embeddings is not null && embeddings.Count != items)
            throw new AnswerShapeException($"{Items} yields {items} items but {Embedding} yields {embeddings.Count} embeddings");
        return new DecodedAnswer(items, embeddings, tokens);
    }

    private static float[] Vector(JsonElement element, string at)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw new AnswerShapeException($"{at} is {JsonPathEvaluator.Kind(element)} instead of an array of numbers");
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
