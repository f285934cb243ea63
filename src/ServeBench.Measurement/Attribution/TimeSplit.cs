namespace ServeBench.Measurement.Attribution;

/// <summary>
/// Where the time of a request went, for one stack at one level of a closed loop (docs/decisions/0108): means over requests, then over
/// trials, so that the parts that were measured add up to the whole.
/// </summary>
public sealed record TimeSplit
{
    public required string Contender { get; init; }
    public required string Workload { get; init; }
    public required string Model { get; init; }
    public required string Host { get; init; }
    public required string Scenario { get; init; }
    public required string Level { get; init; }
    public required int Concurrency { get; init; }

    /// <summary>True when it is the level of the greatest throughput.</summary>
    public required bool IsBest { get; init; }

    public required int Trials { get; init; }

    /// <summary>From the actual send to the last byte, seconds.</summary>
    public required double Whole { get; init; }

    /// <summary>Every one of <see cref="TimeParts"/>, in that order.</summary>
    public required IReadOnlyList<TimePart> Parts { get; init; }

    /// <summary>How long the raw runtime would take for as many items as are in flight, seconds; null when it was not measured.</summary>
    public double? Raw { get; init; }

    /// <summary>What <see cref="Whole"/> is more than <see cref="Raw"/>, by cause; null without that.</summary>
    public IReadOnlyList<GapPart>? Gap { get; init; }

    public double? Of(string part) => Parts.First(p => p.Id == part).Seconds;

    /// <param name="trials">The trials that count, at least one.</param>
    /// <param name="raw">See <see cref="Raw"/>.</param>
    /// <param name="concurrency">Requests in flight.</param>
    internal static (double Whole, IReadOnlyList<TimePart> Parts, IReadOnlyList<GapPart>? Gap) Split(
        IReadOnlyList<RequestTime> trials, double? raw, int concurrency)
    {
        var whole = trials.Average(t => t.Whole);
        var absence = trials.FirstOrDefault(t => t.Absence is not null)?.Absence;
        TimePart Timed(string id, Func<RequestTime, double?> of) =>
            absence is not null ? new TimePart(id, null, absence)
            : trials.All(t => of(t) is not null) ? new TimePart(id, trials.Average(t => of(t)!.Value))
            : new TimePart(id, null, id == TimeParts.Padding && trials.All(t => t.Inference is null)
                ? "the server does not time inference by request, of which padding is a share"
                : "the server does not report it, so that it is in the rest");
        TimePart[] timed =
        [
            Timed(TimeParts.Input, t => t.Input), Timed(TimeParts.Queue, t => t.Queue), Timed(TimeParts.Padding, t => t.Padding),
            Timed(TimeParts.Inference, t => t.Inference), Timed(TimeParts.Output, t => t.Output),
        ];
        var network = absence is null
            ? new TimePart(TimeParts.Network, whole - trials.Average(t => t.Server!.Value))
            : new TimePart(TimeParts.Network, null, absence);
        var rest = new TimePart(TimeParts.Rest, whole - (network.Seconds ?? 0) - timed.Sum(p => p.Seconds ?? 0));
        TimePart[] parts = [network, .. timed, rest];
        return (whole, parts, raw is { } own ? GapOf(parts, own, concurrency) : null);
    }

    /// <summary>
    /// The raw runtime's time is inference and, with several requests in flight, the wait for the others' inference: it is taken from the
    /// parts that hold these, and all other parts are the gap as they are.
    /// </summary>
    private static IReadOnlyList<GapPart> GapOf(IReadOnlyList<TimePart> parts, double raw, int concurrency)
    {
        bool Has(string id) => parts.Any(p => p.Id == id && p.Seconds is not null);
        string[] holding = !Has(TimeParts.Inference)
            ? [.. Has(TimeParts.Queue) && concurrency > 1 ? [TimeParts.Queue] : (string[])[], TimeParts.Rest]
                : concurrency == 1 ? [TimeParts.Inference]
                : Has(TimeParts.Queue) ? [TimeParts.Queue, TimeParts.Inference]
                : [TimeParts.Inference, TimeParts.Rest];
        return
        [
            new GapPart(holding, parts.Where(p => holding.Contains(p.Id)).Sum(p => p.Seconds!.Value) - raw, BeyondRaw: true),
            .. parts
                .Where(p => p.Seconds is not null && !holding.Contains(p.Id))
                .Select(p => new GapPart([p.Id], p.Seconds!.Value, BeyondRaw: false)),
        ];
    }
}
