using System.Globalization;

namespace ServeBench.Domain.Yaml;

/// <summary>Durations as people write them: a number and one of the units us, ms, s, m, h.</summary>
public static class DurationText
{
    private static readonly (string Suffix, double Seconds)[] Units = [("us", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (suffix, seconds) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal)) continue;
            var number = text[..^suffix.Length];
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) continue;
            if (value * seconds > TimeSpan.MaxValue.TotalSeconds / 2) return false;
            duration = TimeSpan.FromTicks((long)Math.Round(value * seconds * TimeSpan.TicksPerSecond));
            return true;
        }
        return false;
    }

    /// <summary>The shortest exact form: <c>1.5s</c>, <c>250ms</c>, <c>2m</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var seconds = duration.TotalSeconds;
        var (suffix, unit) = seconds switch
        {
            0 => ("s", 1.0),
            < 1e-3 => ("us", 1e-6),
            < 1 => ("ms", 1e-3),
            < 60 => ("s", 1),
            < 3600 when seconds % 60 == 0 => ("m", 60),
            >= 3600 when seconds % 3600 == 0 => ("h", 3600),
            _ => ("s", 1),
        };
        return Math.Round(seconds / unit, 6).ToString(CultureInfo.InvariantCulture) + suffix;
    }
}
