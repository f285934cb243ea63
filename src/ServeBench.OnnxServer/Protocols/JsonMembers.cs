using System.Text.Json;

namespace ServeBench.OnnxServer.Protocols;

/// <summary>
/// Reads members of a JSON object, off the hot path. A member that is null is one that is not given; those that nobody asks for are
/// ignored. What is wrong is remembered, the first fault of all, and a harmless value is used meanwhile.
/// </summary>
internal sealed class JsonMembers
{
    private readonly JsonElement _object;

    /// <param name="body">A JSON value.</param>
    /// <exception cref="JsonException">when it is none.</exception>
    public JsonMembers(ReadOnlySpan<byte> body)
        : this(JsonElement.Parse(body))
    {
    }

    public JsonMembers(JsonElement value, string what = "The body")
    {
        _object = value;
        if (value.ValueKind != JsonValueKind.Object) Error = ApiError.Invalid($"{what} must be a JSON object");
    }

    /// <summary>What is wrong; null when nothing is.</summary>
    public ApiError? Error { get; private set; }

    public bool IsGiven(string name) => Find(name) is not null;

    /// <summary>The member, null where it is not given.</summary>
    public JsonElement? Find(string name) =>
        _object.ValueKind == JsonValueKind.Object && _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public bool Flag(string name, bool otherwise = false)
    {
        if (Find(name) is not { } value) return otherwise;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Fault($"{name} must be true or false", name);
        return otherwise;
    }

    /// <summary>A whole number; null where it is not given.</summary>
    public long? Integer(string name, long least, long most)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most)
            return number;
        Fault($"{name} must be a whole number from {least} to {most}", name);
        return null;
    }

    /// <inheritdoc cref="Integer"/>
    public double? Number(string name, double least, double most)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most)
            return number;
        Fault($"{name} must be a number from {least} to {most}", name);
        return null;
    }

    /// <summary>A text; null where it is not given.</summary>
    public string? Text(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        Fault($"{name} must be a string", name);
        return null;
    }

    /// <summary>A text, or a list of some, none of them empty; an empty list where nothing is given.</summary>
    /// <param name="name">The member.</param>
    /// <param name="most">The most texts.</param>
    /// <param name="longest">The most characters of one.</param>
    public IReadOnlyList<string> Texts(string name, int most, int longest)
    {
        if (Find(name) is not { } value) return [];
        JsonElement[] all = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        if (all.Length <= most && all.All(e => e.ValueKind == JsonValueKind.String && IsWithin(e.GetString()!.Length)))
            return [.. all.Select(e => e.GetString()!)];
        Fault($"{name} must be a string, or an array of at most {most}, each of 1 to {longest} characters", name);
        return [];

        bool IsWithin(int length) => length > 0 && length <= longest;
    }

    /// <summary>An object in the object; an empty one where it is not given.</summary>
    public JsonMembers Object(string name)
    {
        if (Find(name) is not { } value) return new JsonMembers("{}"u8);
        var inner = new JsonMembers(value, name);
        Error ??= inner.Error;
        return inner;
    }

    /// <summary>Refuses a member that says something that this server does not do.</summary>
    /// <param name="isHarmless">Whether a value says what is done anyway.</param>
    public void Refuse(string name, Func<JsonElement, bool> isHarmless, string why)
    {
        if (Find(name) is { } value && !isHarmless(value)) Fault($"{name}: {why}", name);
    }

    public void Fault(string problem, string name) => Error ??= ApiError.Invalid(problem, name);

    public void Fault(ApiError? error) => Error ??= error;
}
