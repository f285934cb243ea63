using ServeBench.Domain.Faults;

namespace ServeBench.Build.Options;

/// <summary>The command line, split into known options and their values; what it is not able to be is a fault.</summary>
public sealed class CommandLine
{
    private readonly Dictionary<OptionDefinition, string> _values;

    private CommandLine(Dictionary<OptionDefinition, string> values) => _values = values;

    /// <summary>True when an option stands there.</summary>
    public bool Has(OptionDefinition option) => _values.ContainsKey(option);

    /// <summary>The value as written; null when the option is not there.</summary>
    public string? Value(OptionDefinition option) => _values.GetValueOrDefault(option);

    /// <summary>A switch is on when it stands there, unless it says <c>=false</c>.</summary>
    public bool IsOn(OptionDefinition option) => _values.TryGetValue(option, out var value) && value != "false";

    /// <summary>True when an option stands there that says what to measure, or how: its value is checked whatever the task.</summary>
    public bool SelectsWhatIsMeasured => KnownOptions.OfWhatIsMeasured.Any(Has);

    /// <summary>The arguments that the task engine gets: its own options, in its own spelling.</summary>
    public IReadOnlyList<string> EngineArguments => [.. _values.Where(v => v.Key.IsEngines && v.Value != "false").Select(v => v.Key.IsSwitch ? v.Key.Name : $"{v.Key.Name}={v.Value}")];

    /// <summary>The options that are not the engine's, as a user could type them again.</summary>
    public IReadOnlyList<string> OwnArguments => [.. _values.Where(v => !v.Key.IsEngines).Select(v => v.Key.IsSwitch ? v.Key.Name : $"{v.Key.Name}={v.Value}")];

    /// <summary>
    /// Accepts <c>--name=value</c>, <c>--name value</c> and switches. Every fault is collected: unknown options, missing and
    /// superfluous values, repetitions, words that are no options.
    /// </summary>
    public static CommandLine Parse(IReadOnlyList<string> arguments, FaultList faults)
    {
        var values = new Dictionary<OptionDefinition, string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith('-'))
            {
                faults.Add(new Fault("command line", null, null, $"'{argument}' is not an option", $"Options look like {KnownOptions.Target.Example}"));
                continue;
            }
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            var option = KnownOptions.All.FirstOrDefault(o => Same(o.Name, name) || o.Aliases.Any(a => Same(a, name)));
            if (option is null)
            {
                faults.Add(new Fault(name, null, null, "no option has this name", Remedy(name)));
                if (equals < 0 && i + 1 < arguments.Count && !arguments[i + 1].StartsWith('-')) i++;
                continue;
            }
            string? value = equals < 0 ? null : argument[(equals + 1)..];
            if (value is null && !option.IsSwitch && i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal)) value = arguments[++i];
            Keep(values, option, value, faults);
        }
        return new CommandLine(values);
    }

    private static void Keep(Dictionary<OptionDefinition, string> values, OptionDefinition option, string? value, FaultList faults)
    {
        if (option.IsSwitch && value is not (null or "true" or "false"))
            faults.Add(new Fault(option.Name, null, null, $"this is a switch and takes no value, not '{value}'", $"Write {option.Example}"));
        else if (!option.IsSwitch && string.IsNullOrWhiteSpace(value))
            faults.Add(new Fault(option.Name, null, null, "this option needs a value", $"For example {option.Example}"));
        else if (option.Values?.Contains(value!, StringComparer.OrdinalIgnoreCase) == false)
            faults.Add(new Fault(option.Name, null, null, $"'{value}' is not known here", NearestName.Remedy(value!, [.. option.Values])));
        else if (!values.TryAdd(option, value ?? "true"))
            faults.Add(new Fault(option.Name, null, null, "this option stands there twice", option == KnownOptions.Target ? "Give it once" : "Give it once; lists are separated by commas"));
    }

    private static string Remedy(string name)
    {
        var nearest = NearestName.Of(name, [.. KnownOptions.All.Select(o => o.Name)]);
        return nearest is null ? "See --help" : $"Did you mean {nearest}?";
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
