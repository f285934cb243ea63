using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Workloads;

/// <summary>Reads k6/profiles/&lt;name&gt;.yaml.</summary>
internal static class ProfileReader
{
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
            Ceiling = file.Duration("ceiling", Shortest, Longest),
            Calibrate = file.Duration("calibrate", Shortest, Longest),
        };
        if (profile.WarmUpLimit < 3 * profile.WarmUpWindow)
            warmUp.Fault("limit", "the limit leaves no room for three windows", $"Give at least {DurationText.Format(3 * profile.WarmUpWindow)}");
        warmUp.Done();
        file.Done();
        return profile;
    }
}
