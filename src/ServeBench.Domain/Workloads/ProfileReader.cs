using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Workloads;

/// <summary>Reads k6/profiles/&lt;name&gt;.yaml.</summary>
internal static class ProfileReader
{
    /// <summary>In a row, without a trend.</summary>
    private const int Windows = 6;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static Profile Read(YamlMapping file)
    {
        var warmUp = file.Mapping("warm-up");
        var profile = new Profile
        {
            Name = file.Text("name"),
            Summary = file.Text("summary"),
            Quotable = file.Flag("quotable", true),
            Trials = file.Integer("trials", 1, 1000),
            ColdStarts = file.Integer("cold-starts", 1, 1000, 1),
            Twin = file.Flag("twin", true),
            WarmUpWindow = warmUp.Duration("window", Shortest, Longest),
            WarmUpLimit = warmUp.Duration("limit", Shortest, Longest),
            Measure = file.Duration("measure", Shortest, Longest),
            LeastRequests = file.Integer("requests", 0, 10_000_000, 0),
            Ceiling = file.Duration("ceiling", Shortest, Longest),
            Calibrate = file.Duration("calibrate", Shortest, Longest),
        };
        profile = profile with { LongestMeasure = file.Duration("longest", Shortest, Longest, 3 * profile.Measure) };
        if (profile.WarmUpLimit < Windows * profile.WarmUpWindow)
            warmUp.Fault(
                "limit",
                $"the limit leaves no room for the {Windows} windows that must show no trend",
                $"Give at least {DurationText.Format(Windows * profile.WarmUpWindow)}");
        if (profile.LongestMeasure < profile.Measure)
            file.Fault("longest", "a window may not be shorter than it must be", $"Give at least {DurationText.Format(profile.Measure)}");
        warmUp.Done();
        file.Done();
        return profile;
    }
}
