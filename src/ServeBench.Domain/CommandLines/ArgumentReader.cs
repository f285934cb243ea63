using ServeBench.Domain.Faults;

namespace ServeBench.Domain.CommandLines;

/// <param name="Option">An option of the program.</param>
/// <param name="Text">Its value as written; <c>true</c> for a switch that is merely there.</param>
public readonly record struct GivenOption<T>(T Option, string Text)
    where T : CommandLineOption;

/// <summary>
/// Reads the arguments of every program of ServeBench: <c>--name=value</c>, <c>--name value</c> and switches, in any case.
/// Every fault is collected: unknown options, missing, superfluous and unknown values, repetitions, words that are no options.
/// </summary>
public static class ArgumentReader
{
    /// <returns>The options that are given as they can be, in the order in which they are given.</returns>
    /// <param name="arguments">The program's arguments.</param>
    /// <param name="known">Every option of the program.</param>
    /// <param name="usual">The option that shows, in an error, what options look like.</param>
    /// <param name="faults">Gets what is wrong.</param>
    public static IReadOnlyList<GivenOption<T>> Read<T>(
        IReadOnlyList<string> arguments, IReadOnlyCollection<T> known, T usual, FaultList faults)
        where T : CommandLineOption
    {
        var given = new List<GivenOption<T>>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith('-'))
            {
                faults.Add(new Fault(
                    "command line", null, null, $"'{argument}' is not an option", $"Options look like {usual.Example}; see --help"));
                continue;
            }
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var flag = equals < 0 ? argument : argument[..equals];
            var value = equals < 0 ? null : argument[(equals + 1)..];
            var isFollowed = value is null && i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal);
            if (known.FirstOrDefault(o => o.IsCalled(flag)) is not { } option)
            {
                var nearest = NearestName.Of(flag, known.Select(o => o.Flag));
                faults.Add(
                    new Fault(flag, null, null, "no option has this name", nearest is null ? "See --help" : $"Did you mean {nearest}?"));
                if (isFollowed && !arguments[i + 1].StartsWith('-')) i++;
                continue;
            }
            if (option.IsSwitch) value ??= "true";
            else if (isFollowed) value = arguments[++i];
            if (option.FaultOf(value, option.Flag) is { } fault) faults.Add(fault);
            else if (!option.IsList && given.Exists(g => g.Option.Equals(option)))
                faults.Add(new Fault(option.Flag, null, null, "this option is given twice", "Give it once"));
            else given.Add(new GivenOption<T>(option, value!));
        }
        return given;
    }
}
