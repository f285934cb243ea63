using ServeBench.Domain.Plans;
using ServeBench.Load.K6.Scripts;

namespace ServeBench.Load.Patterns;

/// <summary>What scripts of several patterns have in common.</summary>
internal static class Script
{
    /// <summary>As many connections as the native driver may have; a VU costs k6 a megabyte and more.</summary>
    private const int MostUsers = 1000;

    private const int LeastUsers = 20;

    /// <param name="rate">Requests per second; null where there is no rate.</param>
    public static void AddRate(Dictionary<string, object> values, double? rate)
    {
        var (numerator, unit) = ScriptModel.Rate(rate ?? 1);
        values["rate"] = ScriptModel.Number(rate ?? 0);
        values["rateNumerator"] = numerator;
        values["rateUnit"] = unit;
    }

    /// <param name="ramp">The course; null where the load stays as it is.</param>
    public static void AddRamp(Dictionary<string, object> values, Ramp? ramp)
    {
        values["ramps"] = ramp is not null;
        values["rampStart"] = ScriptModel.Number(ramp?.Start ?? 0);
        values["rampEnd"] = ScriptModel.Number(ramp?.Stages[^1].Target ?? 0);
        values["rampLeast"] = ScriptModel.Number(ramp?.Least ?? 0);
        values["rampStages"] = (ramp?.Stages ?? [])
            .Select(s => new RampTarget(ScriptModel.Number(s.Duration.TotalSeconds), ScriptModel.Number(s.Target)))
            .ToArray();
        values["rampUnit"] = ramp is null
            ? 1
            : ramp.Stages.Select(s => s.Target).Append(ramp.Start).Max(r => int.Parse(ScriptModel.Rate(r).Unit[..^1]));
    }

    /// <returns>
    /// Users for the arrivals, at the greatest rate, of four times the objective, or of two seconds where there is none. A server that
    /// holds more than that open has lost its rate, and the arrivals dropped then say so.
    /// </returns>
    public static int UsersOf(double rate, TimeSpan deadline, TimeSpan? latencyP95)
    {
        var longest = latencyP95 is { } objective ? Math.Max(0.5, 4 * objective.TotalSeconds) : 2;
        return (int)Math.Clamp(Math.Ceiling(rate * Math.Min(deadline.TotalSeconds, longest)), LeastUsers, MostUsers);
    }
}
