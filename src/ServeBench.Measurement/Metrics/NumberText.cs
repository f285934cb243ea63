namespace ServeBench.Measurement.Metrics;

/// <summary>Numbers as people read them: a few significant digits, no exponent, thousands apart.</summary>
public static class NumberText
{
    /// <summary>Rounds to significant digits; whole digits are never rounded away: 0.0613, 6.13, 61.3, 613, 6,134.</summary>
    public static string Significant(double value, int digits = 3)
    {
        if (value == 0) return "0";
        var decimals = Decimals(Math.Round(value, Math.Clamp(Decimals(value, digits), 0, 15)), digits);
        return Math
            .Round(value, Math.Clamp(decimals, 0, 15), MidpointRounding.AwayFromZero)
            .ToString($"#,0.{new string('0', Math.Clamp(decimals, 0, 15))}");
    }

    /// <summary><c>12.3 ms</c>.</summary>
    public static string WithUnit(MetricUnit unit, double stored)
    {
        var number = Significant(stored * unit.Factor, unit.Digits);
        return unit.Shown switch
        {
            "" => number,
            ['/', ..] => number + unit.Shown,
            _ => $"{number} {unit.Shown}",
        };
    }

    /// <summary>The number alone, in the shown unit.</summary>
    public static string Shown(MetricUnit unit, double stored) => Significant(stored * unit.Factor, unit.Digits);

    /// <summary>A share as a percentage: 0.123 gives <c>12.3 %</c>.</summary>
    public static string Percent(double share, int digits = 3) => $"{Significant(share * 100, digits)} %";

    /// <summary>A limit as a percentage, without digits that it was not given with: 0.05 gives <c>5 %</c>.</summary>
    public static string Limit(double share) => $"{Math.Round(share * 100, 6):0.######} %";

    /// <summary>A ratio near one, to the last per cent that matters: 1.29, 0.97, 12.3.</summary>
    public static string Ratio(double ratio) => ratio < 10 ? ratio.ToString("0.00") : Significant(ratio);

    private static int Decimals(double value, int digits) => value == 0 ? 0 : digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
}
