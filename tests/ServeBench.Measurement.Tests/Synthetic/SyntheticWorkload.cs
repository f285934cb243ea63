using ServeBench.Domain.Plans;
using ServeBench.Domain.Trials;

namespace ServeBench.Synthetic;

/// <param name="CeilingPerSecond">Items per second of the raw runtime.</param>
/// <param name="Concurrency">Levels of the closed loop.</param>
/// <param name="Rates">Rates of the open loop in requests per second; empty without one.</param>
public sealed record SyntheticWorkload(string Name, string Title, string Payload, int ItemsPerRequest, double CeilingPerSecond, int[] Concurrency, double[] Rates)
{
    public static IReadOnlyList<SyntheticWorkload> Quick { get; } =
    [
        new("mixed-length", "One text of 16 to 256 tokens in a request, mostly short", "1 text of 16 to 256 tokens, 1,024 distinct", 1, 152, [1, 4, 16], [76]),
        new("sequence-128", "One text of exactly 128 tokens in a request", "1 text of 128 tokens, 256 distinct", 1, 54, [16], []),
    ];

    public static IReadOnlyList<SyntheticWorkload> Standard { get; } =
    [
        new("batch-of-32", "32 texts of 32 tokens in a request, as an indexing job sends them", "32 texts of 32 tokens, 64 distinct", 32, 238, [1, 4], []),
        new("mixed-length", "One text of 16 to 256 tokens in a request, mostly short", "1 text of 16 to 256 tokens, 1,024 distinct", 1, 152, [1, 2, 4, 8, 16, 32, 64], [38, 76, 114]),
        new("sequence-128", "One text of exactly 128 tokens in a request", "1 text of 128 tokens, 256 distinct", 1, 54, [1, 4, 16, 64], []),
    ];

    /// <summary>An open loop whose rate rises and then stays.</summary>
    public static SyntheticWorkload Ramp { get; } = new("ramp", "One text in a request, under a load that rises", "1 text of 16 to 256 tokens, 1,024 distinct", 1, 152, [], [])
    {
        Course = new RampRecord(10, [new(1.5, 90), new(2.5, 90)]),
    };

    /// <summary>How the rate changes; null without a ramp.</summary>
    public RampRecord? Course { get; init; }

    public IEnumerable<(ScenarioRecord Scenario, LevelRecord Level, LoadRecord Load)> Cases(double window) =>
        from scenario in Record(window).Scenarios
        from level in scenario.Levels
        select (scenario, level, Load(scenario.Question == "capacity" ? "closed" : "open", level.Id));

    public WorkloadRecord Record(double window)
    {
        var closed = Concurrency.Select(c => new ClosedLoop(c)).Select(l => new LevelRecord(l.Id, l.Title));
        var open = Rates.Select(r => new OpenLoop("poisson", r)).Select(l => new LevelRecord(l.Id, l.Title));
        return new WorkloadRecord(Name, Title, Payload,
        [
            .. Course is null ? [] : (ScenarioRecord[])[new ScenarioRecord("rate", "Latency while the rate rises", "ramp", [new LevelRecord("ramp-10-90", "requests/s from 10 to 90 in 1.5s, to 90 in 2.5s")])],
            .. Concurrency.Length == 0 ? [] : (ScenarioRecord[])[new ScenarioRecord(Rates.Length > 0 ? "sweep" : "saturation", "Throughput with a fixed number of requests in flight", "capacity", [.. closed])],
            .. Rates.Length > 0 ? [new ScenarioRecord("steady", "Latency at a fixed rate, the same for every stack", "latency", [.. open])] : (ScenarioRecord[])[],
        ]);
    }

    private LoadRecord Load(string loop, string level) => new()
    {
        Loop = loop,
        Concurrency = loop == "closed" ? int.Parse(level[1..]) : null,
        Arrivals = loop == "open" && Course is null ? "poisson" : null,
        RatePerSecond = loop == "open" && Course is null ? double.Parse(level["poisson-".Length..]) : null,
        Ramp = Course,
        ItemsPerRequest = ItemsPerRequest,
        DistinctPayloads = 256,
        MeanRequestBytes = 412 * ItemsPerRequest,
        PayloadSeed = 11,
        ArrivalSeed = 12,
        DeadlineSeconds = 10,
        ObjectiveP95Seconds = ItemsPerRequest == 1 ? 0.25 : null,
        ObjectiveErrorRate = 0.001,
        Driver = "native (epoll)",
    };
}
