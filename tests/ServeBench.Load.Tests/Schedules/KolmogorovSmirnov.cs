namespace ServeBench.Load.Tests.Schedules;

/// <summary>The one-sample Kolmogorov-Smirnov test at a level of 1 %, with the asymptotic critical value 1.628 / sqrt(n).</summary>
internal static class KolmogorovSmirnov
{
    public static bool Accepts(IReadOnlyCollection<double> values, Func<double, double> distribution)
    {
        var sorted = values.Order().ToArray();
        var n = sorted.Length;
        var distance = sorted.Select((value, i) =>
        {
            var f = distribution(value);
            return Math.Max(Math.Abs(f - (double)i / n), Math.Abs((i + 1.0) / n - f));
        }).Max();
        return distance < 1.628 / Math.Sqrt(n);
    }
}
