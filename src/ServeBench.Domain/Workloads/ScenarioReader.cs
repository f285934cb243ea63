using System.Text.RegularExpressions;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Workloads;

/// <summary>Reads the scenarios of a workload file: its loop and the key of its levels tell which kind a scenario is.</summary>
internal static partial class ScenarioReader
{
    /// <summary>The kinds of scenarios. Where a file has the key of none, it is the last of its loop, and that key is missing.</summary>
    private static readonly (Loop Loop, string Key, Func<ScenarioSection, Scenario> Read)[] Kinds =
    [
        (Loop.Open, SearchScenario.Key, SearchScenario.Read),
        (Loop.Open, OverloadScenario.Key, OverloadScenario.Read),
        (Loop.Open, RampStages.Key, OpenRampScenario.Read),
        (Loop.Open, OpenScenario.Key, OpenScenario.Read),
        (Loop.Closed, RampStages.Key, ClosedRampScenario.Read),
        (Loop.Closed, ClosedScenario.Key, ClosedScenario.Read),
    ];

    public static IReadOnlyList<Scenario> Read(YamlMapping file, IReadOnlyCollection<string> profiles)
    {
        Scenario[] scenarios = [.. file.NamedMappings("scenarios").Select(s => One(s.Name, s.Value, profiles))];
        foreach (var needing in scenarios.Where(s => s.NeedsMaxRate))
        {
            var unknown = needing.Profiles.Where(p => !scenarios.Any(s => s.FindsMaxRate && s.Profiles.Contains(p))).ToArray();
            if (unknown.Length == 0) continue;
            file.Fault(
                "scenarios",
                $"{needing.Name} asks for shares of the max rate in profile {string.Join(", ", unknown)}, in which no scenario searches it",
                $"Add that profile to a scenario with {SearchScenario.Key}");
        }
        return scenarios;
    }

    private static Scenario One(string name, YamlMapping section, IReadOnlyCollection<string> profiles)
    {
        if (!PlainName().IsMatch(name)) section.Fault(null, $"'{name}' is not a plain name", "Use lower-case letters, digits and dashes");
        var title = section.Text("title");
        var loop = section.OneOf("loop", [.. Loop.All.Select(l => l.Name)]);
        var kinds = Kinds.Where(k => k.Loop.Name == loop).ToArray();
        // Without a loop there is no telling what the other keys should be.
        var scenario = kinds.Length == 0
            ? new ClosedScenario(new Dictionary<string, IReadOnlyList<int>>()) { Name = name, Title = title }
            : (kinds.FirstOrDefault(k => section.Has(k.Key)) is { Read: { } read }
                ? read
                : kinds[^1].Read)(new ScenarioSection(section, name, title, profiles));
        section.Done();
        return scenario;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex PlainName();
}
