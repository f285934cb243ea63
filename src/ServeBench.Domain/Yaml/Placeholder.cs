using System.Text.RegularExpressions;

namespace ServeBench.Domain.Yaml;

/// <summary><c>${name}</c> in a text of a catalogue file, to be filled in when what it stands for is known.</summary>
public static partial class Placeholder
{
    /// <summary>As it is written.</summary>
    public static string Of(string name) => $"${{{name}}}";

    /// <summary>The names in a text, in order, each as often as it occurs.</summary>
    public static IEnumerable<string> NamesIn(string text) => Pattern().Matches(text).Select(m => m.Groups[1].Value);

    /// <param name="text">The text.</param>
    /// <param name="values">A value for every name in it.</param>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Fill(text, name => values[name]);

    /// <param name="text">The text.</param>
    /// <param name="value">Gives the value of each name in it.</param>
    public static string Fill(string text, Func<string, string> value) => Pattern().Replace(text, match => value(match.Groups[1].Value));

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Pattern();
}
