using System.Text.Json.Nodes;
using ServeBench.Measurement.Results;

namespace ServeBench.Reports.Charts;

/// <summary>How INVALID points of lines are drawn, and named in the legend when there are any.</summary>
internal static class HollowPoint
{
    private const string Name = "INVALID (hollow)";

    public static JsonObject Style(string colour) => Frame.Node(new { color = Theme.Ground, borderColor = colour, borderWidth = 2, borderType = "solid" });

    public static IEnumerable<string> Legend(IEnumerable<CaseResult> cases) => cases.Any(c => !c.Valid) ? [Name] : [];

    /// <summary>A series without data behind the legend's entry.</summary>
    public static IEnumerable<JsonNode> Series(IEnumerable<CaseResult> cases)
    {
        if (cases.All(c => c.Valid)) yield break;
        var series = Frame.Node(new { type = "scatter", name = Name, data = Array.Empty<int>() });
        series["itemStyle"] = Style(Theme.Muted);
        yield return series;
    }
}
