namespace ServeBench.Domain.Stacks;

/// <summary>
/// The server's own timers of its requests: names of Prometheus histograms or summaries of seconds, of which the sums are read. The
/// parts of one request follow each other and do not overlap; each is null when the server does not time it.
/// </summary>
/// <param name="Request">From a request's arrival to its answer; its count is the number of requests.</param>
/// <param name="Input">Reading a request and making tokens or pixels of it.</param>
/// <param name="Queue">From then to the beginning of its first execution.</param>
/// <param name="Inference">From there to the end of its last execution, of every request once: a timer of executions that
/// requests share is none of these.</param>
/// <param name="Output">Writing the answer.</param>
/// <param name="Tokens">Counter of the tokens executed, without padding.</param>
/// <param name="Padding">Counter of the padding executed, in tokens.</param>
public sealed record TimingSource(
    string Request, string? Input, string? Queue, string? Inference, string? Output, string? Tokens, string? Padding)
{
    private static readonly (string Name, double Seconds)[] Units = [("s", 1), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9)];

    /// <summary>Seconds in the unit that the timers count.</summary>
    public double UnitSeconds { get; init; } = 1;

    /// <summary>
    /// The counter of requests of a server whose timers are plain counters of time, named as they are; null for histograms and summaries,
    /// which count and sum under names of their own.
    /// </summary>
    public string? Requests { get; init; }

    /// <summary>The metric under which the number of timed requests is reported.</summary>
    public string CountName => Requests ?? Request + "_count";

    /// <summary>The metric under which the sum of a timer is reported.</summary>
    public string SumName(string timer) => Requests is null ? timer + "_sum" : timer;

    internal static TimingSource Read(Yaml.YamlMapping section)
    {
        var source = new TimingSource(
            section.Text("request"),
            section.OptionalText("input"),
            section.OptionalText("queue"),
            section.OptionalText("inference"),
            section.OptionalText("output"), section.OptionalText("tokens"), section.OptionalText("padding"))
        {
            Requests = section.OptionalText("requests"),
            UnitSeconds = Seconds(section.OptionalOneOf("unit", [.. Units.Select(u => u.Name)], Units[0].Name)),
        };
        if (source.Tokens is null != source.Padding is null)
            section.Fault(
                source.Tokens is null ? "padding" : "tokens",
                "tokens and padding are only of use together",
                "Name both counters, or neither");
        section.Done();
        return source;
    }

    private static double Seconds(string unit) => Units.Where(u => u.Name == unit).Select(u => u.Seconds).FirstOrDefault(1);
}
