namespace ServeBench.Load.K6.Running;

/// <summary>Variables under which k6 neither reports its use nor fetches extensions, and writes times to the nanosecond.</summary>
internal static class K6Environment
{
    public static IReadOnlyDictionary<string, string> Quiet { get; } = new Dictionary<string, string>
    {
        ["K6_NO_USAGE_REPORT"] = "true",
        ["K6_AUTO_EXTENSION_RESOLUTION"] = "false",
    };

    /// <param name="asked">True when the user wants usage reports and extensions after all.</param>
    public static Dictionary<string, string> Of(bool asked)
    {
        var environment = new Dictionary<string, string> { ["K6_CSV_TIME_FORMAT"] = "unix_nano" };
        if (asked) return environment;
        foreach (var (name, value) in Quiet) environment[name] = value;
        return environment;
    }
}
