namespace ServeBench.Build.Options;

/// <summary>One command-line option: what it is called, what it takes, and what help says of it.</summary>
/// <param name="Name">With its dashes: <c>--group</c>.</param>
/// <param name="Value">What stands after the equals sign in help; null for a switch.</param>
/// <param name="Help">One sentence or two.</param>
/// <param name="Example">A whole, working argument.</param>
public sealed record OptionDefinition(string Name, string? Value, string Help, string Example)
{
    /// <summary>Other spellings that Cake's users know.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>True for Cake's own options, which are handed on to the engine as they are.</summary>
    public bool IsEngines { get; init; }

    /// <summary>The only values that it takes; null where that is not known without the catalogue.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    public bool IsSwitch => Value is null;

    /// <summary><c>--group=NAME[,NAME]</c>.</summary>
    public string Usage => IsSwitch ? Name : $"{Name}={Value}";
}
