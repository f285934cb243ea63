using System.Globalization;

namespace ServeBench.NullServer.Latency;

/// <summary>Durations on this program's command line: a number and one of us, ms, s.</summary>
internal static class DurationArgument
{
    private static readonly (string Suffix, double Nanoseconds)[] Units = [("us", 1e3), ("ms", 1e6), ("s", 1e9)];

    /// <returns>The duration behind a prefix; null when the text does not begin with it or is no duration.</returns>
    public static long? Parse(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) ? Parse(text[prefix.Length..]) : null;

    /// <returns>Nanoseconds, at most ten minutes; null when the text is not a duration.</returns>
    public static long? Parse(string text)
    {
        foreach (var (suffix, unit) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal)) continue;
            if (!double.TryParse(
                text.AsSpan(0, text.Length - suffix.Length),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number))
                continue;
            var nanoseconds = number * unit;
            return nanoseconds <= 600e9 ? (long)Math.Round(nanoseconds) : null;
        }
        return null;
    }
}
