using ServeBench.Measurement.Attribution;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Reports.Content;

/// <summary>How the parts of a request's time are put into words.</summary>
internal static class TimeWords
{
    /// <summary>The anchor of the section, by which charts name it.</summary>
    public const string Section = "time";

    public const string NotMeasured = "not measured";

    public static string Title(string part) => part switch
    {
        TimeParts.Network => "Network and client",
        TimeParts.Input => "Prepare the input",
        TimeParts.Queue => "Queue",
        TimeParts.Padding => "Padding",
        TimeParts.Inference => "Inference",
        TimeParts.Output => "Serialise",
        _ => "Rest, not timed",
    };

    public static string Cell(TimeSplit split, string part) => split.Of(part) is { } seconds ? Milliseconds(seconds) : NotMeasured;

    /// <summary>With as many decimals as let a reader add the parts up, without unit.</summary>
    public static string Milliseconds(double seconds) => Math.Abs(seconds * 1000) switch
    {
        >= 100 => $"{seconds * 1000:#,0.0}",
        >= 10 => $"{seconds * 1000:0.00}",
        _ => $"{seconds * 1000:0.000}",
    };

    /// <summary>
    /// The causes of a gap, the greatest first: queue and inference beyond the raw runtime 0.41, network and client 0.20.
    /// </summary>
    public static string Causes(TimeSplit split)
    {
        var gap = split.Whole - split.Raw!.Value;
        return string.Join(
            ", ",
            split.Gap!
                .OrderByDescending(g => g.Seconds)
                .Select(g =>
                    $"{Name(g)} {Milliseconds(g.Seconds)}"
                    + (gap > 0 && g.Seconds > 0 ? $" ({NumberText.Percent(g.Seconds / gap, 2)})" : "")));
    }

    private static string Name(GapPart part) =>
        Words.List(part.Parts.Select(p => Title(p).ToLowerInvariant().Replace(", not timed", "", StringComparison.Ordinal)))
            + (part.BeyondRaw ? " beyond the raw runtime" : "");
}
