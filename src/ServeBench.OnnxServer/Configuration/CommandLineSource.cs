using ServeBench.Domain.Faults;

namespace ServeBench.OnnxServer.Configuration;

/// <summary>Reads options from the command line: <c>--name=value</c>, <c>--name value</c> and switches.</summary>
internal static class CommandLineSource
{
    /// <summary>Reads every argument; what cannot be read is added to the faults.</summary>
    public static OptionValues Read(IReadOnlyList<string> arguments, FaultList faults)
    {
        var values = new OptionValues();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                faults.Add(new Fault("command line", null, null, $"'{argument}' is not an option", $"Options look like {KnownOptions.Model.Example}; see --help"));
                continue;
            }
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument[2..] : argument[2..equals];
            var value = equals < 0 ? null : argument[(equals + 1)..];
            var isFollowed = value is null && i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal);
            if (KnownOptions.Find(name) is not { } option)
            {
                var nearest = NearestName.Of(name, KnownOptions.All.Select(o => o.Name));
                faults.Add(new Fault($"--{name}", null, null, "no option has this name", nearest is null ? "See --help" : $"Did you mean --{nearest}?"));
                if (isFollowed) i++;
                continue;
            }
            if (option.IsSwitch) value ??= "true";
            else if (isFollowed) value = arguments[++i];
            values.Add(option, new OptionValue(value ?? "", $"--{name}"), faults);
        }
        return values;
    }
}
