using System.Text.RegularExpressions;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Stacks;

/// <summary>Something that a stack's server measures of itself, as the stack announces it under <c>counters: measurements:</c>.</summary>
/// <param name="Name">Unique in the stack: <c>queue-wait</c>.</param>
/// <param name="Title">For people.</param>
/// <param name="Unit">The unit of the value, as it is shown: <c>s</c>, <c>tokens/s</c>; <c>1</c> for none.</param>
/// <param name="Aggregation">How two readings, at the beginning and at the end of the measured window, become a value: one of
/// <see cref="Aggregations"/>.</param>
/// <param name="Better">Which values are better: one of <see cref="Directions"/>.</param>
/// <param name="Prometheus">What is read from an answer in Prometheus text form; null where the answer is JSON.</param>
/// <param name="Json">Where the number is in a JSON answer (the sum of all that the path yields); null where it is not JSON.</param>
public sealed partial record StackMeasurement(
    string Name, string Title, string Unit, string Aggregation, string Better, PrometheusExpression? Prometheus, JsonPath? Json)
{
    /// <summary>The reading at the end minus that at the beginning; of a quotient, both its parts by themselves.</summary>
    public const string Advance = "advance";

    /// <summary>The advance divided by the seconds between the readings.</summary>
    public const string Rate = "rate";

    /// <summary>The reading at the end.</summary>
    public const string Last = "last";

    private const int LongestUnit = 16;

    /// <summary>One of <see cref="Kinds"/>; null where the stack does not say.</summary>
    public string? Kind { get; init; }

    /// <summary>What is counted, where that is not what one would think: <c>refusals too</c>.</summary>
    public string? Holds { get; init; }

    /// <summary>Why the server does not have it, as the end of a sentence; null where it does.</summary>
    public string? Absent { get; init; }

    private const string Gauge = "gauge";

    /// <summary>
    /// What a number of a server may be: <c>counter</c> only grows, <c>gauge</c> is what is the case now, <c>histogram-sum</c> is the sum
    /// of a histogram or summary, which means something only divided by its count.
    /// </summary>
    public static IReadOnlyList<string> Kinds { get; } = ["counter", Gauge, "histogram-sum"];

    public static IReadOnlyList<string> Aggregations { get; } = [Advance, Rate, Last];

    public static IReadOnlyList<string> Directions { get; } = ["higher", "lower", "neither"];

    /// <summary>Reads the <c>measurements:</c> of a section, none where there are none.</summary>
    internal static IReadOnlyList<StackMeasurement> ReadAll(YamlMapping counters)
    {
        const string Key = "measurements";
        if (counters.Has(Key)) return [.. counters.NamedMappings(Key).Select(m => Read(m.Name, m.Value))];
        counters.Node(Key);
        return [];
    }

    private static StackMeasurement Read(string name, YamlMapping section)
    {
        if (section.OptionalText("absent") is { } absent) return Missing(name, section, absent);
        if (!PlainName().IsMatch(name)) section.Fault(null, $"'{name}' is not a plain name", "Use lower-case letters, digits and dashes");
        var measurement = new StackMeasurement(
            name,
            section.Text("title"),
            section.Text("unit"),
            section.OneOf("aggregation", Aggregations),
            section.OneOf("better", Directions),
            Expression(section),
            Path(section))
        {
            Kind = section.Has("kind") ? section.OneOf("kind", Kinds) : null,
            Holds = section.OptionalText("holds"),
        };
        section.Node("kind");
        if (measurement is { Kind: Gauge, Aggregation: Advance or Rate })
            section.Fault("aggregation", "a gauge does not only grow, so that its advance means nothing", $"Use {Last}");
        if (measurement is { Kind: "histogram-sum", Prometheus: { Denominator: null }, Aggregation: not Rate })
            section.Fault("prometheus", "the sum of a histogram means nothing by itself", "Write METRIC_sum / METRIC_count");
        if (measurement.Unit.Length > LongestUnit)
            section.Fault(
                "unit",
                $"'{measurement.Unit}' has {measurement.Unit.Length} characters",
                $"Give a unit of at most {LongestUnit}, such as s or tokens/s");
        if (section.Has("prometheus") == section.Has("json"))
            section.Fault(
                null,
                $"'{name}' must say where its value is, once",
                "Give prometheus: METRIC{LABEL=\"VALUE\"} or METRIC / METRIC, or json: a.path.to[0].it");
        if (measurement is { Aggregation: Rate, Prometheus.Denominator: not null })
            section.Fault("aggregation", "a quotient has no rate", $"Use {Advance} for the quotient of both parts' advances");
        section.Done();
        return measurement;
    }

    private static StackMeasurement Missing(string name, YamlMapping section, string absent)
    {
        var measurement = new StackMeasurement(name, section.Text("title"), section.Text("unit"), Last, "neither", null, null)
        {
            Absent = absent,
        };
        section.Done();
        return measurement;
    }

    private static PrometheusExpression? Expression(YamlMapping section)
    {
        const string Key = "prometheus";
        if (section.OptionalText(Key) is not { } text || text.Length == 0) return null;
        if (PrometheusExpression.TryParse(text, out var problem) is { } expression) return expression;
        section.Fault(Key, problem, "Write METRIC, METRIC{LABEL=\"VALUE\"}, or two of them with / between");
        return null;
    }

    private static JsonPath? Path(YamlMapping section)
    {
        const string Key = "json";
        if (section.OptionalText(Key) is not { } text || text.Length == 0) return null;
        if (JsonPath.TryParse(text, out var problem) is { } path) return path;
        section.Fault(Key, problem, "Write member names separated by dots, [n] for one element, [*] for every element");
        return null;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex PlainName();
}
