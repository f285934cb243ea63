using System.Text.Json;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>
/// Holds JSON against a schema of an OpenAPI 3.0 document. Knows the keywords that the documents here use; another one is an
/// error, so that nothing goes unchecked unseen.
/// </summary>
internal sealed class JsonSchemaCheck(JsonElement document)
{
    private static readonly HashSet<string> Annotations = ["description", "default", "example", "format", "title"];

    /// <returns>What is wrong, with where; empty when the value is as the schema says.</returns>
    public IReadOnlyList<string> Check(JsonElement value, JsonElement schema)
    {
        var faults = new List<string>();
        Check(value, schema, "$", faults);
        return faults;
    }

    /// <summary>The schema of a response in the document.</summary>
    /// <exception cref="KeyNotFoundException">when the document knows no such response.</exception>
    public JsonElement Response(string path, string method, int status, string contentType = "application/json") =>
        Operation(path, method).GetProperty("responses").GetProperty($"{status}").GetProperty("content").GetProperty(contentType).GetProperty("schema");

    /// <summary>The schema of a request's body.</summary>
    public JsonElement Request(string path, string method) =>
        Operation(path, method).GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");

    private JsonElement Operation(string path, string method) => document.GetProperty("paths").GetProperty(path).GetProperty(method);

    private void Check(JsonElement value, JsonElement schema, string at, List<string> faults)
    {
        if (value.ValueKind == JsonValueKind.Null && schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean()) return;
        foreach (var keyword in schema.EnumerateObject())
        {
            var limit = keyword.Value;
            switch (keyword.Name)
            {
                case "$ref":
                    Check(value, Resolve(limit.GetString()!), at, faults);
                    break;
                case "type":
                    Expect(IsOfType(value, limit.GetString()!), $"is {value.ValueKind}, not {limit}");
                    break;
                case "nullable":
                    break;
                case "enum":
                    Expect(limit.EnumerateArray().Any(e => JsonElement.DeepEquals(e, value)), $"is none of {limit}");
                    break;
                case "minimum" when value.ValueKind == JsonValueKind.Number:
                    Expect(value.GetDouble() >= limit.GetDouble(), $"is less than {limit}");
                    break;
                case "maximum" when value.ValueKind == JsonValueKind.Number:
                    Expect(value.GetDouble() <= limit.GetDouble(), $"is more than {limit}");
                    break;
                case "minLength" when value.ValueKind == JsonValueKind.String:
                    Expect(value.GetString()!.Length >= limit.GetInt32(), $"is shorter than {limit}");
                    break;
                case "minItems" when value.ValueKind == JsonValueKind.Array:
                    Expect(value.GetArrayLength() >= limit.GetInt32(), $"has fewer items than {limit}");
                    break;
                case "maxItems" when value.ValueKind == JsonValueKind.Array:
                    Expect(value.GetArrayLength() <= limit.GetInt32(), $"has more items than {limit}");
                    break;
                case "required" when value.ValueKind == JsonValueKind.Object:
                    foreach (var name in limit.EnumerateArray()) Expect(value.TryGetProperty(name.GetString()!, out _), $"lacks {name}");
                    break;
                case "properties" when value.ValueKind == JsonValueKind.Object:
                    foreach (var member in limit.EnumerateObject())
                    {
                        if (value.TryGetProperty(member.Name, out var child)) Check(child, member.Value, $"{at}.{member.Name}", faults);
                    }
                    break;
                case "additionalProperties" when value.ValueKind == JsonValueKind.Object:
                    CheckOthers(value, schema, limit, at, faults);
                    break;
                case "items" when value.ValueKind == JsonValueKind.Array:
                    foreach (var (item, i) in value.EnumerateArray().Select((item, i) => (item, i))) Check(item, limit, $"{at}[{i}]", faults);
                    break;
                case "oneOf":
                    var fitting = limit.EnumerateArray().Count(one => Check(value, one).Count == 0);
                    Expect(fitting == 1, $"fits {fitting} of the {limit.GetArrayLength()} schemas that it must fit one of");
                    break;
                case "allOf":
                    foreach (var one in limit.EnumerateArray()) Check(value, one, at, faults);
                    break;
                default:
                    // A keyword for another type of value says nothing about this one.
                    string[] typed = ["minimum", "maximum", "minLength", "minItems", "maxItems", "required", "properties", "additionalProperties", "items"];
                    if (!typed.Contains(keyword.Name) && !Annotations.Contains(keyword.Name)) throw new NotSupportedException($"the keyword {keyword.Name} is not known to this check");
                    break;
            }
        }

        void Expect(bool holds, string fault)
        {
            if (!holds) faults.Add($"{at} {fault}");
        }
    }

    private void CheckOthers(JsonElement value, JsonElement schema, JsonElement limit, string at, List<string> faults)
    {
        var known = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(p => p.Name).ToHashSet() : [];
        foreach (var member in value.EnumerateObject().Where(m => !known.Contains(m.Name)))
        {
            if (limit.ValueKind == JsonValueKind.Object) Check(member.Value, limit, $"{at}.{member.Name}", faults);
            else if (!limit.GetBoolean()) faults.Add($"{at} has {member.Name}, which the schema does not know");
        }
    }

    private JsonElement Resolve(string reference)
    {
        var at = document;
        foreach (var part in reference.Split('/').Skip(1)) at = at.GetProperty(part);
        return at;
    }

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new NotSupportedException($"the type {type} is not known to this check"),
    };
}
