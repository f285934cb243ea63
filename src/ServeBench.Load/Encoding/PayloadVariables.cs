using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using ServeBench.Domain.Targets;

namespace ServeBench.Load.Encoding;

/// <summary>What one request's template is filled with.</summary>
/// <param name="Items">Items in the request.</param>
/// <param name="Values">
/// JSON values by the names that templates use; one that holds a <c>byte[]</c> or a <c>float[]</c> can also be sent as bytes. Whoever is
/// large may make its values only when they are asked for.
/// </param>
public sealed record PayloadVariables(int Items, IReadOnlyDictionary<string, JsonNode> Values)
{
    private const string ModelName = "model";

    /// <summary>The model that is asked for, where <see cref="Values"/> does not hold it.</summary>
    public string? Model { get; init; }

    /// <summary>The same with the model called as the server calls it.</summary>
    public PayloadVariables AskedOf(ServerTarget target) =>
        target.Model is { } name && Model is not null ? this with { Model = name } : this;

    /// <summary>The names of all that there is.</summary>
    public IEnumerable<string> Names => Model is null ? Values.Keys : Values.Keys.Append(ModelName);

    public bool TryGet(string name, [NotNullWhen(true)] out JsonNode? value)
    {
        if (name != ModelName || Model is null) return Values.TryGetValue(name, out value);
        value = JsonValue.Create(Model);
        return true;
    }
}
