using ServeBench.Domain.Samples;
using ServeBench.Domain.Wording;
using ServeBench.Platform;

namespace ServeBench.Load.Native;

/// <summary>Tells from the samples whether the server went away.</summary>
internal static class Disturbance
{
    /// <param name="samples">Every sample of the window.</param>
    /// <param name="error">The last error in words; empty when connections were merely closed.</param>
    /// <returns>One sentence, or null when the server was there all the time.</returns>
    public static string? Of(SampleTable samples, string error)
    {
        var lastSuccess = long.MinValue;
        foreach (ref readonly var s in samples.Rows)
            if (s.Outcome == Outcome.Success) lastSuccess = Math.Max(lastSuccess, s.Last);

        var (refused, broken, brokenAtTheEnd) = (0, 0, 0);
        var (firstFailure, firstRefusal, lastRefusal) = (long.MaxValue, long.MaxValue, long.MinValue);
        foreach (ref readonly var s in samples.Rows)
        {
            if (s.Outcome is not (Outcome.Refused or Outcome.Disconnected)) continue;
            firstFailure = Math.Min(firstFailure, s.Last);
            if (s.Outcome == Outcome.Disconnected)
            {
                broken++;
                if (s.Last > lastSuccess) brokenAtTheEnd++;
                continue;
            }
            refused++;
            firstRefusal = Math.Min(firstRefusal, s.Last);
            lastRefusal = Math.Max(lastRefusal, s.Last);
        }
        var why = error.Length > 0 ? $"; last error: {error}" : "";
        if (firstFailure < long.MaxValue && lastSuccess == long.MinValue)
            return $"the server answered nothing in the window ({Plural.Of(refused, "connection")} refused, {broken} broken{why})";
        if (refused > 0 && lastRefusal > lastSuccess || brokenAtTheEnd > 1)
            return $"the server stopped answering {Seconds(lastSuccess)} into the window ({Plural.Of(refused, "connection")} refused, "
                + $"{broken} broken{why})";
        return refused > 0
            ? $"the server refused {Plural.Of(refused, "connection")} between {Seconds(firstRefusal)} "
                + $"and {Seconds(lastRefusal)} of the window{why}"
            : null;
    }

    private static string Seconds(long nanoseconds) => $"{MonotonicClock.Seconds(Math.Max(0, nanoseconds)):0.000} s";
}
