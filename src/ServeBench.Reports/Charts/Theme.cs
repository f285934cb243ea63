using ServeBench.Measurement.Attribution;

namespace ServeBench.Reports.Charts;

/// <summary>
/// The colours of charts and of the page. Options are written in the colours of the light theme; each has a counterpart in
/// the dark theme, and no two roles share a light colour, so that a drawing can be turned dark by exchanging colours alone.
/// Series colours follow Okabe and Ito's palette for colour-blind readers, lightened for dark grounds.
/// </summary>
public static class Theme
{
    public const string Ground = "#ffffff";
    public const string Text = "#1f2328";
    public const string Muted = "#59636e";
    public const string Grid = "#e4e8ec";
    public const string Axis = "#8b949e";

    public const string Font = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif";

    /// <summary>One per stack in the manifest's order, with the paler tone of the stack's second appearance.</summary>
    private static readonly (string Strong, string Pale)[] Stacks =
    [
        ("#0072b2", "#80b9d9"),
        ("#d55e00", "#eaae80"),
        ("#009e73", "#80cfb9"),
        ("#a6468b", "#d3a3c5"),
        ("#b58900", "#dac480"),
        ("#4b5fbf", "#a5afdf"),
        ("#8c5a3c", "#c6ad9e"),
        ("#5f6b76", "#afb5bb"),
    ];

    /// <summary>Of the parts of a request's time.</summary>
    private static readonly Dictionary<string, string> Parts = new()
    {
        [TimeParts.Network] = "#7f8fa6",
        [TimeParts.Input] = "#56b4e9",
        [TimeParts.Queue] = "#e69f00",
        [TimeParts.Padding] = "#e0d23c",
        [TimeParts.Inference] = "#0b6e8f",
        [TimeParts.Output] = "#cc79a7",
        [TimeParts.Rest] = "#c3c8ce",
    };

    /// <summary>From the best to the worst, for tables of colour.</summary>
    public static IReadOnlyList<string> Steps { get; } = ["#9fd3c0", "#cfe8df", "#f3f0d7", "#f7dcb9", "#f2bfa5"];

    /// <summary>The dark counterpart of every light colour.</summary>
    public static IReadOnlyDictionary<string, string> Dark { get; } = new Dictionary<string, string>
    {
        [Ground] = "#0d1117",
        [Text] = "#e6edf3",
        [Muted] = "#9198a1",
        [Grid] = "#262c34",
        [Axis] = "#6e7681",
        ["#0072b2"] = "#58b0e3", ["#80b9d9"] = "#2c5f7e",
        ["#d55e00"] = "#ff8f45", ["#eaae80"] = "#8a4f28",
        ["#009e73"] = "#35c99c", ["#80cfb9"] = "#1f6d56",
        ["#a6468b"] = "#dd8fc8", ["#d3a3c5"] = "#7a4a6c",
        ["#b58900"] = "#e3bd3c", ["#dac480"] = "#7d6821",
        ["#4b5fbf"] = "#93a4f5", ["#a5afdf"] = "#4d5788",
        ["#8c5a3c"] = "#c99b80", ["#c6ad9e"] = "#6e5343",
        ["#5f6b76"] = "#a9b4bf", ["#afb5bb"] = "#5b636b",
        ["#7f8fa6"] = "#93a5bf", ["#56b4e9"] = "#7cc8f2", ["#e69f00"] = "#f2b434", ["#e0d23c"] = "#d3c84a",
        ["#0b6e8f"] = "#3b9dbf", ["#cc79a7"] = "#d890b7", ["#c3c8ce"] = "#565d65",
        ["#9fd3c0"] = "#1d6b54", ["#cfe8df"] = "#1b4a3d", ["#f3f0d7"] = "#3f3c22", ["#f7dcb9"] = "#5c4020", ["#f2bfa5"] = "#743a21",
    };

    /// <summary>The colour of a contender: its stack's, paler for the second appearance.</summary>
    public static string Contender(ReportContext report, string label)
    {
        var contender = report.Manifest.Contenders.First(c => c.Label == label);
        var (strong, pale) = Stacks[StackIndex(report, ReportContext.Compared(contender))];
        return contender.IsTwin ? pale : strong;
    }

    /// <param name="part">One of <see cref="TimeParts"/>.</param>
    public static string Part(string part) => Parts[part];

    public static string Stack(ReportContext report, string stack) => Stacks[StackIndex(report, stack)].Strong;

    /// <summary>Which symbol its points have: stacks that share a colour differ in it.</summary>
    public static int Symbol(ReportContext report, string label)
    {
        var contender = report.Manifest.Contenders.First(c => c.Label == label);
        return Math.Max(0, report.Stacks.ToList().IndexOf(ReportContext.Compared(contender))) / Stacks.Length % 4;
    }

    /// <summary>More stacks than colours share colours again; names beside the bars and the symbols of points tell them apart.</summary>
    private static int StackIndex(ReportContext report, string stack) => Math.Max(0, report.Stacks.ToList().IndexOf(stack)) % Stacks.Length;
}
