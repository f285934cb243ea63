using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Yaml;
using ServeBench.Load.K6.Scripts;

namespace ServeBench.Load.Wire;

/// <summary>How a JSON answer, or the JSON of each event of a stream, is understood.</summary>
/// <param name="Items">Path that yields one value per item answered; how many it yields is the number of items.</param>
/// <param name="Parts">Where to find what else the kind of work wants to know; none for what the protocol does not carry.</param>
public sealed record JsonAnswer(JsonPath Items, IReadOnlyList<JsonAnswer.Part> Parts)
{
    /// <summary>
    /// True where <see cref="Items"/> yields how many items there are, as tensors with a shape say it; every array of numbers then holds
    /// all items one after the other.
    /// </summary>
    public bool IsCount { get; init; }

    /// <summary>True where <see cref="Items"/> yields a text: what it yields in one answer, or in all of its events, is one item.</summary>
    public bool IsText { get; init; }

    /// <param name="Value">What is found there.</param>
    /// <param name="Path">Yields one array of numbers per item, or the counts.</param>
    public sealed record Part(AnswerValue Value, JsonPath Path);

    /// <summary>Reads <c>json:</c>.</summary>
    /// <param name="json">That section.</param>
    /// <param name="values">What it may name besides <c>items</c>.</param>
    public static JsonAnswer Read(YamlMapping json, IReadOnlyList<AnswerValue> values)
    {
        var count = ProtocolSection.OptionalPath(json, "count");
        if (count is not null && json.OptionalText("items") is not null)
            json.Fault("items", "`count` says already how many items there are", "Leave one of the two out");
        var text = values.FirstOrDefault(v => v.Form == AnswerForm.Text) is { } said ? ProtocolSection.OptionalPath(json, said.Key) : null;
        var items = count ?? text ?? ProtocolSection.RequiredPath(json, "items");
        var parts = new List<Part>();
        foreach (var value in values.Where(v => v.Form != AnswerForm.Text))
            if (ProtocolSection.OptionalPath(json, value.Key) is { } path) parts.Add(new Part(value, path));
        return new JsonAnswer(items, parts) { IsCount = count is not null, IsText = text is not null };
    }

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
        if (IsText)
        {
            yield return new ScriptCheck("the answer is a text", $"typeof a.json({ScriptModel.Quoted(items)}) === 'string'");
            yield break;
        }
        yield return new ScriptCheck("one answer for each item", IsCount || GjsonPath.IsCount(Items)
            ? $"a.json({ScriptModel.Quoted(items)}) === payload.items"
            : $"listOf(a.json({ScriptModel.Quoted(items)})).length === payload.items");
        foreach (var part in Parts.Where(p => p.Value is { Form: AnswerForm.Vectors, MayLack: false } && !IsCount))
        {
            var path = ScriptModel.Quoted(GjsonPath.Of(part.Path));
            yield return new ScriptCheck("every item is a vector", $"listOf(a.json({path})).every((v) => listOf(v).length > 0)");
        }
    }

    /// <param name="roots">The answer, or the events that make it up.</param>
    /// <param name="mayLack">Whether one of them need not have what a path asks for.</param>
    private DecodedAnswer Decode(IReadOnlyList<JsonElement> roots, bool mayLack)
    {
        var items = 0L;
        var text = IsText ? TextOf(roots, mayLack) : null;
        if (text is not null) items = 1;
        foreach (var root in IsText ? [] : roots)
            JsonPathEvaluator.Visit(root, Items, mayLack, (each, at) => items += IsCount ? Count(each, at) : 1);
        var vectors = new Dictionary<string, IReadOnlyList<float[]>>();
        var counts = new Dictionary<string, long>();
        foreach (var (value, path) in Parts)
        {
            if (value.Form == AnswerForm.Count)
            {
                if (Counted(roots, path, mayLack) is { } count) counts.Add(value.Key, count);
                continue;
            }
            var found = Vectors(roots, path, mayLack || value.MayLack);
            if (found.Count == 0 && value.MayLack) continue;
            if (IsCount) found = Apart(found, path, items);
            if (found.Count != items)
                throw new AnswerShapeException($"{Items} yields {items} items but {path} yields {found.Count} vectors");
            vectors.Add(value.Key, found);
        }
        return new DecodedAnswer((int)items, vectors, counts) { Text = text };
    }

    /// <summary>The pieces of all events, one after the other; null where no event has a piece, not even an empty one.</summary>
    private string? TextOf(IReadOnlyList<JsonElement> roots, bool mayLack)
    {
        StringBuilder? text = null;
        foreach (var root in roots)
        {
            JsonPathEvaluator.Visit(root, Items, mayLack, (piece, at) =>
            {
                if (piece.ValueKind == JsonValueKind.Null && mayLack) return;
                if (piece.ValueKind != JsonValueKind.String)
                    throw new AnswerShapeException($"{at} is {JsonPathEvaluator.Kind(piece)} instead of a text");
                (text ??= new StringBuilder()).Append(piece.GetString());
            });
        }
        return text?.ToString();
    }

    /// <summary>The numbers of each item, out of an array that holds all of them.</summary>
    private List<float[]> Apart(List<float[]> found, JsonPath path, long items)
    {
        float[] all = [.. found.SelectMany(v => v)];
        return items > 0 && all.Length > 0 && all.Length % items == 0
            ? [.. all.Chunk((int)(all.Length / items))]
            : throw new AnswerShapeException($"{Items} yields {items} items but {path} yields {all.Length} numbers, not as many for each");
    }

    private static List<float[]> Vectors(IReadOnlyList<JsonElement> roots, JsonPath path, bool mayLack)
    {
        var vectors = new List<float[]>();
        foreach (var root in roots) JsonPathEvaluator.Visit(root, path, mayLack, (element, at) => vectors.Add(Vector(element, at)));
        return vectors;
    }

    /// <summary>The last count that there is: a stream that counts again and again counts what there was so far.</summary>
    private static long? Counted(IReadOnlyList<JsonElement> roots, JsonPath path, bool mayLack)
    {
        long? last = null;
        foreach (var root in roots)
        {
            long? counted = null;
            JsonPathEvaluator.Visit(root, path, mayLack, (element, at) => counted = (counted ?? 0) + Count(element, at));
            last = counted ?? last;
        }
        return last;
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

    /// <summary>A whole number from 0; the JSON of Protocol Buffers has those of 64 bits as texts.</summary>
    private static long Count(JsonElement element, string at) =>
        (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var count) && count >= 0)
            || (element.ValueKind == JsonValueKind.String && long.TryParse(element.GetString(), NumberStyles.None, null, out count))
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
