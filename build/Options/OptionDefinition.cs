using ServeBench.Domain.CommandLines;

namespace ServeBench.Build.Options;

/// <summary>One option of the pipeline.</summary>
/// <inheritdoc cref="CommandLineOption"/>
/// <param name="Name">With its dashes: <c>--group</c>.</param>
public sealed record OptionDefinition(string Name, string? Value, string Help, string Example)
    : CommandLineOption(Name, Value, Help, Example)
{
    /// <summary>True for Cake's own options, which are handed on to the engine as they are.</summary>
    public bool IsEngines { get; init; }
}
