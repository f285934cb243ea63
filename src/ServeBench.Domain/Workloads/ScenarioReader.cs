using System.Text.RegularExpressions;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Workloads;

/// <summary>Reads the scenarios of a workload file: its loop and the key of its levels decide which kind a scenario is.</summary>
internal static partial class ScenarioReader
{
    /// <param name="file">The workload's.</param>
    /// <param name="profiles">Names of all.</param>
    /// <param name="kinds">The kinds of scenarios that it may have.</param>
    public static IReadOnlyList<Scenario> Read(
        YamlMapping file, IReadOnlyCollection<string> profiles, IReadOnlyList<IScenarioKind> kinds)
    {
        Scenario[] scenarios = [.. file.NamedMappings("scenarios").Select(s => One(s.Name, s.Value, profiles, kinds))];
        foreach (var needing in scenarios.Where(s => s.NeedsMaxRate))
        {
            var unknown = needing.Profiles.Where(p => !scenarios.Any(s => s.FindsMaxRate && s.Profiles.Contains(p))).ToArray();
            if (unknown.Length == 0) continue;
            file.Fault(
                "scenarios",
                $"{needing.Name} asks for shares of the max rate in profile {string.Join(", ", unknown)}, in which no scenario searches it",
                $"Add that profile to a scenario with {SearchScenario.LevelsKey}");
        }
        return scenarios;
    }

    private static Scenario One(
        string name, YamlMapping section, IReadOnlyCollection<string> profiles, IReadOnlyList<IScenarioKind> all)
    {
        if (!PlainName().IsMatch(name)) section.Fault(null, $"'{name}' is not a plain name", "Use lower-case letters, digits and dashes");
        var title = section.Text("title");
        var loop = section.OneOf("loop", [.. Loop.All.Select(l => l.Name)]);
        var kinds = all.Where(k => k.Loop.Name == loop).ToArray();
        var kind = kinds.FirstOrDefault(k => !k.IsUsual && section.Has(k.Key)) ?? kinds.FirstOrDefault(k => k.IsUsual);
        // Without a loop there is no telling what the other keys should be.
        var scenario = kind?.Read(new ScenarioSection(section, name, title, profiles))
            ?? new ClosedScenario(new Dictionary<string, IReadOnlyList<int>>()) { Name = name, Title = title };
        section.Done();
        return scenario;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex PlainName();
}
