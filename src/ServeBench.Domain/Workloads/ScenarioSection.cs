using System.Text.RegularExpressions;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Workloads;

/// <summary>A scenario in a workload file, of which name, title and loop have been read.</summary>
/// <param name="Section">Its keys.</param>
/// <param name="Name">Its name.</param>
/// <param name="Title">For people.</param>
/// <param name="Known">Names of all profiles.</param>
public sealed partial record ScenarioSection(YamlMapping Section, string Name, string Title, IReadOnlyCollection<string> Known)
{
    /// <summary>Limits of a load that is one of several in a case.</summary>
    public static readonly TimeSpan ShortestProbe = TimeSpan.FromMilliseconds(20);
    public static readonly TimeSpan LongestProbe = TimeSpan.FromMinutes(10);

    /// <summary>Reads, under a key, what the scenario has for each of the profiles that it names.</summary>
    public Dictionary<string, T> OfProfiles<T>(string key, Func<YamlMapping, string, T> read)
    {
        var of = Section.Mapping(key);
        var result = new Dictionary<string, T>();
        foreach (var profile in Known.Where(of.Has)) result[profile] = read(of, profile);
        // Asks for the profiles that are not there, so that a misspelt one is compared with all of them.
        foreach (var profile in Known) of.Node(profile);
        of.Done();
        return result;
    }

    /// <summary>As above, where each profile has a list of levels.</summary>
    public Dictionary<string, IReadOnlyList<T>> Levels<T>(string key, Func<YamlMapping, string, IReadOnlyList<T>> read) =>
        OfProfiles(key, (levels, profile) =>
        {
            var values = read(levels, profile);
            if (values.Distinct().Count() != values.Count) levels.Fault(profile, "a level is given twice");
            return values;
        });

    /// <summary>Reads a rate: requests per second, or a share of the ceiling.</summary>
    public static ArrivalRate Rate(YamlMapping section, string key, string text, bool mayBeZero = false)
    {
        if (RateText().Match(text) is { Success: true } match)
        {
            var number = double.Parse(match.Groups[1].Value);
            var given = number > 0 || mayBeZero;
            if (match.Groups[2].Value == "/s" && given && number <= 1_000_000) return new ArrivalRate(number, null);
            if (match.Groups[2].Value == "% of ceiling" && given && number <= 1_000) return new ArrivalRate(null, number / 100);
        }
        section.Fault(
            key,
            $"'{text}' is not a rate",
            "Write requests per second as 100/s, or a share of the raw runtime's throughput as 50% of ceiling");
        return new ArrivalRate(1, null);
    }

    [GeneratedRegex(@"^([0-9]+(?:\.[0-9]+)?) ?(/s|% of ceiling)$")]
    private static partial Regex RateText();
}
