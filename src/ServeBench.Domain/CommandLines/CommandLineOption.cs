using ServeBench.Domain.Faults;

namespace ServeBench.Domain.CommandLines;

/// <summary>One option of a program's command line: what it is called, what it takes, and what help says of it.</summary>
/// <param name="Flag">With its dashes: <c>--group</c>.</param>
/// <param name="Value">What help shows after the equals sign; null for a switch.</param>
/// <param name="Help">One sentence or two.</param>
/// <param name="Example">A whole, working argument.</param>
public record CommandLineOption(string Flag, string? Value, string Help, string Example)
{
    /// <summary>Other spellings of the flag.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The only values that it takes; null for a switch, and where they are not known here.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>True when the option may be given several times.</summary>
    public bool IsList { get; init; }

    public bool IsSwitch => Value is null;

    /// <summary>As help shows it: <c>--group=NAMES</c>.</summary>
    public string Usage => IsSwitch ? Flag : $"{Flag}={Value}";

    /// <summary>Whether a flag, whatever its case, means this option.</summary>
    public bool IsCalled(string flag) => Aliases.Prepend(Flag).Contains(flag, StringComparer.OrdinalIgnoreCase);

    /// <returns>What is wrong with a value given for this option; null when nothing is.</returns>
    /// <param name="text">The value as written; null or blank for none.</param>
    /// <param name="where">Where it was given: the flag, a variable, a key in a file.</param>
    public Fault? FaultOf(string? text, string where)
    {
        if (IsSwitch)
        {
            return text is "true" or "false"
                ? null
                : new Fault(where, null, null, $"this is a switch and takes no value, not '{text}'", $"Write {Example}");
        }
        if (string.IsNullOrWhiteSpace(text)) return new Fault(where, null, null, "this option needs a value", $"For example {Example}");
        return Values?.Contains(text, StringComparer.OrdinalIgnoreCase) == false
            ? new Fault(where, null, null, $"'{text}' is not known here", NearestName.Remedy(text, [.. Values]))
            : null;
    }
}
