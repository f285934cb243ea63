namespace ServeBench.Reports.Charts;

/// <summary>Round ends and round steps of value axes.</summary>
internal static class Scale
{
    /// <summary>A round number a little above the greatest value: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten.</summary>
    public static double NiceMaximum(double greatest)
    {
        if (greatest <= 0) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(greatest)));
        double[] steps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
        return Math.Round(steps.First(s => s * power >= greatest * 0.9999999) * power, 12);
    }

    /// <summary>Multiples of 1, 2, 2.5 or 5 times a power of ten between two ends, at most so many steps.</summary>
    public static double[] Ticks(double minimum, double maximum, int most)
    {
        var least = (maximum - minimum) / most;
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        var step = new[] { 1, 2, 2.5, 5, 10 }.First(s => s * power >= least * 0.9999999) * power;
        var first = (long)Math.Ceiling((minimum / step) - 1e-9);
        var last = (long)Math.Floor((maximum / step) + 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => Math.Round((first + i) * step, 12))];
    }

    /// <summary>Powers of ten, and 2 and 5 times them where there are few.</summary>
    public static double[] LogarithmicTicks(double minimum, double maximum)
    {
        double[] factors = maximum / minimum > 2000 ? [1] : [1, 2, 5];
        var first = (int)Math.Floor(Math.Log10(minimum));
        var last = (int)Math.Ceiling(Math.Log10(maximum));
        return
        [
            .. Enumerable.Range(first, last - first + 1).SelectMany(p => factors.Select(f => Math.Round(f * Math.Pow(10, p), 9)))
                .Where(t => t >= minimum * 0.9999999 && t <= maximum * 1.0000001),
        ];
    }

    /// <summary>A number on an axis: 1,500; 0.25.</summary>
    public static string Label(double value) => value.ToString("#,0.######");
}
