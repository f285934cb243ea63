namespace ServeBench.Reports.Charts.Plots;

/// <summary>
/// What a chart shows, in numbers and words and in no particular technique: Drawing makes files of it, Interactive the charts of
/// the HTML report. Values are in the shown unit; colours are those of the light theme; tips are HTML.
/// </summary>
public abstract record Plot
{
    /// <summary>How the legend explains hollow bars and points.</summary>
    public const string Hollow = "INVALID or SATURATED (hollow)";

    /// <summary>What it is, as templates ask.</summary>
    public string Kind => GetType().Name;

    /// <summary>True when something in it is INVALID or SATURATED, so that the legend must say how that looks.</summary>
    public abstract bool HasInvalid { get; }
}
