using System.Globalization;

namespace ServeBench.Load.K6.Results;

/// <summary>Reads every form in which k6's CSV output can write a time (<c>K6_CSV_TIME_FORMAT</c>).</summary>
public static class K6Timestamp
{
    /// <returns>Unix time in nanoseconds, or null when the text is no time.</returns>
    public static long? Nanoseconds(ReadOnlySpan<char> text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            // Seconds, milli-, micro- and nanoseconds differ in length from 2001 to 2286.
            long? unit = text.Length switch { 10 => 1_000_000_000, 13 => 1_000_000, 16 => 1000, 19 => 1, _ => null };
            return number <= long.MaxValue / unit ? number * unit : null;
        }
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return null;
        // The fraction may have nine digits, of which a DateTimeOffset keeps seven.
        if (time.Year is < 1970 or > 2261) return null;
        var whole = time.ToUnixTimeSeconds() * 1_000_000_000;
        var point = text.IndexOf('.');
        if (point < 0) return whole;
        var (fraction, digits) = (0L, 0);
        for (var i = point + 1; i < text.Length && char.IsAsciiDigit(text[i]) && digits < 9; i++, digits++)
            fraction = fraction * 10 + (text[i] - '0');
        for (; digits < 9; digits++) fraction *= 10;
        return whole + fraction;
    }
}
