using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Attribution;

/// <summary>
/// What a request of one trial took, and the parts of it that the server times: means over requests, seconds. Parts of the server are
/// null with a reason where it does not report them.
/// </summary>
/// <param name="Whole">From the actual send to the last byte of the answer, over successful requests; the client's figure.</param>
internal sealed record RequestTime(double Whole)
{
    /// <summary>
    /// By how much of the whole the server's timers may exceed it. They count the requests that were answered between two readings of
    /// the counters, the client those that were sent in the window: in a closed loop the two differ by those in flight at its ends.
    /// </summary>
    private const double Tolerance = 0.05;

    /// <summary>From the arrival of a request at the server to its answer.</summary>
    public double? Server { get; private init; }

    public double? Input { get; private init; }

    public double? Queue { get; private init; }

    /// <summary>Without <see cref="Padding"/>, where that is known.</summary>
    public double? Inference { get; private init; }

    /// <summary>The share of inference that its padding is of all that was executed.</summary>
    public double? Padding { get; private init; }

    public double? Output { get; private init; }

    /// <summary>Why the server reported none of its parts; null when it reported some.</summary>
    public string? Absence { get; private init; }

    /// <returns>Null when no request succeeded.</returns>
    public static RequestTime? Of(TrialFacts trial)
    {
        var service = trial.Samples.Service;
        if (service.Length == 0) return null;
        double sum = 0;
        foreach (var nanoseconds in service) sum += nanoseconds;
        return Of(sum / service.Length / 1e9, trial.Record);
    }

    /// <param name="whole">Mean of what requests took, seconds.</param>
    /// <param name="record">What the server reported beside it.</param>
    internal static RequestTime Of(double whole, TrialRecord record)
    {
        if (record.Counters is not { } counters)
            return new RequestTime(whole) { Absence = record.CountersAbsence ?? "no counters are recorded, nor why" };
        if (counters.Timings is not { } timings)
            return new RequestTime(whole) { Absence = counters.TimingsAbsence ?? "its stack announces no timers" };
        if (timings.Requests <= 0) return new RequestTime(whole) { Absence = "its timers counted no request in the window" };
        double? Each(double? seconds) => seconds / timings.Requests;
        var inference = Each(timings.InferenceSeconds);
        var padding = timings is { Tokens: { } tokens, Padding: { } padded } && tokens + padded > 0
            ? inference * padded / (tokens + padded)
            : null;
        var time = new RequestTime(whole)
        {
            Server = timings.RequestSeconds / timings.Requests,
            Input = Each(timings.InputSeconds),
            Queue = Each(timings.QueueSeconds),
            Inference = inference - (padding ?? 0),
            Padding = padding,
            Output = Each(timings.OutputSeconds),
        };
        var parts = (time.Input ?? 0) + (time.Queue ?? 0) + (inference ?? 0) + (time.Output ?? 0);
        if (time.Server > whole * (1 + Tolerance))
            return new RequestTime(whole)
            {
                Absence = $"its timers say {Milliseconds(time.Server.Value)} of requests that took the client {Milliseconds(whole)}"
            };
        if (parts > time.Server * (1 + Tolerance))
            return new RequestTime(whole)
            {
                Absence = $"its timers of the parts add up to {Milliseconds(parts)}, "
                    + $"more than the {Milliseconds(time.Server.Value)} of whole requests"
            };
        return time;
    }

    private static string Milliseconds(double seconds) => $"{NumberText.Significant(seconds * 1000)} ms";
}
