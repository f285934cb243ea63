using ServeBench.Domain.CommandLines;
using ServeBench.Domain.Faults;

namespace ServeBench.Build.Options;

/// <summary>The command line, split into known options and their values; what it is not able to be is a fault.</summary>
public sealed class CommandLine
{
    private readonly OrderedDictionary<OptionDefinition, string> _values;

    private CommandLine(OrderedDictionary<OptionDefinition, string> values) => _values = values;

    /// <summary>True when an option is given.</summary>
    public bool Has(OptionDefinition option) => _values.ContainsKey(option);

    /// <summary>The value as written; null when the option is not given.</summary>
    public string? Value(OptionDefinition option) => _values.GetValueOrDefault(option);

    /// <summary>A switch is on when it is given, unless it says <c>=false</c>.</summary>
    public bool IsOn(OptionDefinition option) => _values.TryGetValue(option, out var value) && value != "false";

    /// <summary>True when an option is given that says what to measure, or how: its value is checked whatever the task.</summary>
    public bool SelectsWhatIsMeasured => KnownOptions.OfWhatIsMeasured.Any(Has);

    /// <summary>The arguments that the task engine gets: its own options, in its own spelling.</summary>
    public IReadOnlyList<string> EngineArguments => Arguments(v => v.Key.IsEngines && v.Value != "false");

    /// <summary>The options that are not the engine's, as a user could type them again.</summary>
    public IReadOnlyList<string> OwnArguments => Arguments(v => !v.Key.IsEngines);

    /// <inheritdoc cref="ArgumentReader.Read"/>
    public static CommandLine Parse(IReadOnlyList<string> arguments, FaultList faults) =>
        new(new OrderedDictionary<OptionDefinition, string>(
            ArgumentReader
                .Read(arguments, KnownOptions.All, KnownOptions.Target, faults)
                .Select(g => KeyValuePair.Create(g.Option, g.Text))));

    private string[] Arguments(Func<KeyValuePair<OptionDefinition, string>, bool> isMeant) =>
        [.. _values.Where(isMeant).Select(v => v.Key.IsSwitch && v.Value == "true" ? v.Key.Name : $"{v.Key.Name}={v.Value}")];
}
