using System.Globalization;

namespace ServeBench.Runs.Importing;

/// <summary>Numbers out of other people's files: those that can be.</summary>
internal static class Quantity
{
    /// <summary>Nothing is measured for longer: 11.6 days.</summary>
    private const double LongestSeconds = 1e6;

    /// <returns>Null when it is no number, or not finite.</returns>
    public static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>A number whose thousands may be parted by commas, three digits each: <c>1,234.5</c>.</summary>
    /// <returns>Null when it is none.</returns>
    public static double? Grouped(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var groups = (point < 0 ? text : text[..point]).Split(',');
        return groups.Length == 1 || (groups[0].Length is > 0 and <= 3 && groups.Skip(1).All(g => g.Length == 3))
            ? Number(text.Replace(",", "", StringComparison.Ordinal))
            : null;
    }

    /// <returns>Null when it is no whole number that is not negative.</returns>
    public static long? Count(ReadOnlySpan<char> text) =>
        Number(text) is >= 0 and < 1e12 and var value && value == Math.Floor(value) ? (long)value : null;

    /// <summary>A time in nanoseconds.</summary>
    /// <param name="value">In a unit.</param>
    /// <param name="unit">Nanoseconds in it.</param>
    /// <returns>Null when it is negative or cannot be.</returns>
    public static long? Nanoseconds(double value, double unit) =>
        value >= 0 && value * unit <= LongestSeconds * 1e9 ? (long)Math.Round(value * unit) : null;

    /// <summary>A span as people and Go write it: <c>1.5ms</c>, <c>874.95µs</c>, <c>1m30s</c>, <c>2.10m</c>.</summary>
    /// <returns>Seconds; null when it is none.</returns>
    public static double? Seconds(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length == 0) return null;
        var sum = 0.0;
        while (text.Length > 0)
        {
            var digits = 0;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.')) digits++;
            if (Number(text[..digits]) is not { } value) return null;
            text = text[digits..];
            var letters = 0;
            while (letters < text.Length && char.IsLetter(text[letters])) letters++;
            double? unit = text[..letters] switch
            {
                "ns" => 1e-9,
                "us" or "µs" or "μs" => 1e-6,
                "ms" => 1e-3,
                "s" => 1,
                "m" => 60,
                "h" => 3600,
                _ => letters == 0 && value == 0 ? 1 : null,
            };
            if (unit is null) return null;
            sum += value * unit.Value;
            text = text[letters..];
        }
        return sum <= LongestSeconds ? sum : null;
    }
}
