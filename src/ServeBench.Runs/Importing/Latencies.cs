using System.Globalization;
using System.Runtime.InteropServices;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Runs.Importing;

/// <summary>Percentiles as this project shows them.</summary>
internal static class Latencies
{
    private static readonly double[] Shown = [0.5, 0.9, 0.95, 0.99, 0.999];

    public static string Name(double share) => $"p{(share * 100).ToString("0.###", CultureInfo.InvariantCulture)}";

    /// <summary>From samples in nanoseconds, which are sorted for it; null when there are none.</summary>
    public static ImportedLatency? Of(List<long> nanoseconds, List<NotMeasured> absent)
    {
        if (nanoseconds.Count == 0) return null;
        nanoseconds.Sort();
        var sorted = nanoseconds;
        return Of(sorted.Count, p => Percentile.OfSorted(CollectionsMarshal.AsSpan(sorted), p) / 1e9, "", absent);
    }

    /// <summary>From percentiles that the other tool has computed.</summary>
    /// <param name="samples">How many samples are behind them; null when the file does not report it.</param>
    /// <param name="seconds">A percentile; null when it was not computed.</param>
    /// <param name="missing">Why one would be missing, of the file.</param>
    /// <param name="absent">Gets those that are not shown, and why.</param>
    public static ImportedLatency Of(long? samples, Func<double, double?> seconds, string missing, List<NotMeasured> absent)
    {
        var values = Shown.Select(Supported).ToArray();
        return new ImportedLatency(values[0], values[1], values[2], values[3], values[4]);

        double? Supported(double p)
        {
            var value = seconds(p);
            if (value is null)
            {
                absent.Add(new NotMeasured(Name(p), missing));
            }
            else if (p > 0.5 && samples is { } count && !SampleSupport.Supports(p, (int)Math.Min(count, int.MaxValue)))
            {
                absent.Add(
                    new NotMeasured(
                        Name(p),
                        $"{Plural.Of(count, "sample")} {Plural.Verb(count, "is", "are")} too few: "
                            + $"{SampleSupport.Needed(p):#,0} are needed"));
                return null;
            }
            return value;
        }
    }
}
