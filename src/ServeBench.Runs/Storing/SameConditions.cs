using System.Globalization;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Runs.Storing;

/// <summary>Whether what was measured at another time may be used beside what is measured now (decision 0130).</summary>
internal static class SameConditions
{
    /// <summary>The smallest difference that counts (decision 0102): a driver that has changed by less has not changed.</summary>
    private const double LeastDifference = 0.05;

    /// <summary>Standard errors of the difference of two means that chance exceeds once in twenty times.</summary>
    private const double ChanceErrors = 2;

    /// <param name="then">The conditions of a stored result; null in results of before they were kept.</param>
    /// <param name="now">Those of this start.</param>
    /// <returns>What has changed, as the end of a sentence; null when nothing that counts has.</returns>
    public static string? Difference(ConditionsRecord? then, ConditionsRecord now)
    {
        if (then is null) return "the conditions were not recorded then";
        if (then.ReadUtc == now.ReadUtc && then.Boot == now.Boot) return null;
        if (then.Boot != now.Boot) return "the system was restarted since";
        if (then.BackgroundBusy is { } before and > ForeignLoad.Limit)
            return $"the machine was {Percent(before)} busy with something else then";
        if (now.BackgroundBusy is { } present and > ForeignLoad.Limit)
            return $"the machine is {Percent(present)} busy with something else now";
        return DriverDifference(then.DriverRates, now.DriverRates);
    }

    /// <summary>
    /// Whether the driver reaches another rate now: by more than the smallest difference that counts and the figures' own noise.
    /// </summary>
    /// <param name="then">Figures of one time, at least one.</param>
    /// <param name="now">Those of another.</param>
    public static string? DriverDifference(IReadOnlyList<double> then, IReadOnlyList<double> now)
    {
        var ((before, beforeError), (after, afterError)) = (Mean(then), Mean(now));
        // A single figure has no spread of its own: that of the others stands for it.
        if (then.Count == 1) beforeError = afterError * Math.Sqrt(now.Count);
        if (now.Count == 1) afterError = beforeError * Math.Sqrt(then.Count);
        var tolerated = Math.Log(1 + LeastDifference) + (ChanceErrors * Math.Sqrt((beforeError * beforeError) + (afterError * afterError)));
        return Math.Abs(after - before) <= tolerated
            ? null
            : $"the driver reached {Math.Exp(before).ToString("0", CultureInfo.InvariantCulture)} requests/s against the null server then "
                + $"and {Math.Exp(after).ToString("0", CultureInfo.InvariantCulture)} now";
    }

    /// <summary>Mean of the logarithms, and its standard error.</summary>
    private static (double Mean, double Error) Mean(IReadOnlyList<double> rates)
    {
        var logs = rates.Select(rate => Math.Log(rate)).ToArray();
        var mean = logs.Average();
        return (mean, logs.Length == 1 ? 0 : Math.Sqrt(logs.Sum(l => (l - mean) * (l - mean)) / (logs.Length - 1) / logs.Length));
    }

    private static string Percent(double share) => $"{(share * 100).ToString("0", CultureInfo.InvariantCulture)} %";
}
