using System.Collections;
using ServeBench.Domain.Faults;

namespace ServeBench.OnnxServer.Configuration;

/// <summary>Reads options from environment variables: <c>SERVEBENCH_SERVER_MAX_BATCH=64</c>. Lists are separated by semicolons.</summary>
internal static class EnvironmentSource
{
    public const string Prefix = "SERVEBENCH_SERVER_";

    private const char Separator = ';';

    /// <summary>Reads every variable with the prefix; an unknown one is a fault.</summary>
    public static OptionValues Read(IDictionary variables, FaultList faults)
    {
        var values = new OptionValues();
        foreach (var name in variables.Keys
            .Cast<string>()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            var option = name[Prefix.Length..].ToLowerInvariant().Replace('_', '-');
            var known = ServerOptionList.All.Where(o => !ServerOptionList.IsForCommandLineOnly(o)).ToArray();
            if (Array.Find(known, o => o.Name == option) is not { } found)
            {
                var nearest = NearestName.Of(option, known.Select(o => o.Name));
                faults.Add(new Fault(
                    name, null, null, "no option has this name", nearest is null ? "See --help" : $"Did you mean {NameOf(nearest)}?"));
                continue;
            }
            var text = (string?)variables[name] ?? "";
            foreach (var one in found.IsList
                ? text.Split(Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                : [text])
                values.Add(found, new OptionValue(one, name), faults);
        }
        return values;
    }

    /// <summary>The variable of an option.</summary>
    public static string NameOf(string option) => Prefix + option.Replace('-', '_').ToUpperInvariant();
}
