using System.Text.RegularExpressions;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Workloads;

/// <summary>Reads k6/workloads/&lt;group&gt;/&lt;name&gt;.yaml.</summary>
internal static partial class WorkloadReader
{
    public static Workload Read(YamlMapping file, string path, string group, IReadOnlyCollection<string> profiles, IReadOnlyList<IPayloadKind> kinds)
    {
        var objectives = file.Mapping("objectives");
        var workload = new Workload
        {
            Name = file.Text("name"),
            Group = group,
            Title = file.Text("title"),
            Protocols = file.Texts("protocols"),
            Models = file.OptionalTexts("models"),
            Payload = Payload(file.Mapping("payload"), kinds),
            Objectives = new Objectives(
                objectives.Duration("deadline", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)),
                objectives.Has("latency-p95") ? objectives.Duration("latency-p95", TimeSpan.FromTicks(10), TimeSpan.FromMinutes(10)) : null,
                objectives.Number("error-rate", 0, 1)),
            Scenarios = [.. file.NamedMappings("scenarios").Select(s => Scenario(s.Name, s.Value, profiles))],
            File = path,
        };
        objectives.Done();
        foreach (var overload in workload.Scenarios.OfType<OverloadScenario>())
        {
            var unknown = overload.Profiles.Where(p => !workload.Scenarios.OfType<SearchScenario>().Any(s => s.Profiles.Contains(p))).ToArray();
            if (unknown.Length > 0)
            {
                file.Fault("scenarios", $"{overload.Name} asks for shares of the max rate in profile {string.Join(", ", unknown)}, in which no scenario searches it",
                    $"Add that profile to a scenario with {SearchReader.SearchKey}");
            }
        }
        file.Done();
        return workload;
    }

    private static PayloadSpec Payload(YamlMapping payload, IReadOnlyList<IPayloadKind> kinds)
    {
        var name = payload.OneOf("kind", [.. kinds.Select(k => k.Name)]);
        return kinds.FirstOrDefault(k => k.Name == name)?.Read(payload) ?? new UnknownPayload();
    }

    private static Scenario Scenario(string name, YamlMapping section, IReadOnlyCollection<string> profiles)
    {
        if (!PlainName().IsMatch(name)) section.Fault(null, $"'{name}' is not a plain name", "Use lower-case letters, digits and dashes");
        var title = section.Text("title");
        var loop = section.OneOf("loop", ["closed", "open"]);
        Scenario scenario;
        if (loop == "open" && section.Has(SearchReader.SearchKey))
        {
            scenario = SearchReader.Search(section, name, title, profiles);
        }
        else if (loop == "open" && section.Has(SearchReader.OverloadKey))
        {
            scenario = SearchReader.Overload(section, name, title, profiles);
        }
        else if (loop.Length > 0 && section.Has(RampReader.Key))
        {
            scenario = RampReader.Read(section, loop, name, title, profiles, (stage, key) => stage.Text(key) is { Length: > 0 } text ? Rate(stage, key, text, mayBeZero: true) : new ArrivalRate(1, null));
        }
        else if (loop == "open")
        {
            scenario = new OpenScenario(
                section.OneOf("arrivals", ArrivalProcesses.All),
                ByProfile(section.Mapping("rates"), profiles, (levels, profile) => levels.Texts(profile).Select(t => Rate(levels, profile, t)).ToArray()))
            {
                Name = name,
                Title = title,
            };
        }
        else
        {
            var concurrency = loop == "closed" ? section.Mapping("concurrency") : null;
            scenario = new ClosedScenario(concurrency is null
                ? new Dictionary<string, IReadOnlyList<int>>()
                : ByProfile(concurrency, profiles, (levels, profile) => levels.Integers(profile, 1, 10_000)))
            {
                Name = name,
                Title = title,
            };
        }
        section.Done();
        return scenario;
    }

    private static Dictionary<string, IReadOnlyList<T>> ByProfile<T>(
        YamlMapping levels, IReadOnlyCollection<string> profiles, Func<YamlMapping, string, IReadOnlyList<T>> read) =>
        OfProfiles(levels, profiles, (_, profile) =>
        {
            var values = read(levels, profile);
            if (values.Distinct().Count() != values.Count) levels.Fault(profile, "a level stands here twice");
            return values;
        });

    /// <summary>Reads what a scenario has for each of the profiles that it names.</summary>
    internal static Dictionary<string, T> OfProfiles<T>(YamlMapping levels, IReadOnlyCollection<string> profiles, Func<YamlMapping, string, T> read)
    {
        var result = new Dictionary<string, T>();
        foreach (var profile in profiles.Where(levels.Has)) result[profile] = read(levels, profile);
        // Asks for the profiles that are not there, so that a misspelt one is compared with all of them.
        foreach (var profile in profiles) levels.Node(profile);
        levels.Done();
        return result;
    }

    private static ArrivalRate Rate(YamlMapping levels, string profile, string text) => Rate(levels, profile, text, mayBeZero: false);

    private static ArrivalRate Rate(YamlMapping section, string key, string text, bool mayBeZero)
    {
        if (RateText().Match(text) is { Success: true } match)
        {
            var number = double.Parse(match.Groups[1].Value);
            var given = number > 0 || mayBeZero;
            if (match.Groups[2].Value == "/s" && given && number <= 1_000_000) return new ArrivalRate(number, null);
            if (match.Groups[2].Value == "% of ceiling" && given && number <= 1_000) return new ArrivalRate(null, number / 100);
        }
        section.Fault(key, $"'{text}' is not a rate", "Write requests per second as 100/s, or a share of the raw runtime's throughput as 50% of ceiling");
        return new ArrivalRate(1, null);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex PlainName();

    [GeneratedRegex(@"^([0-9]+(?:\.[0-9]+)?) ?(/s|% of ceiling)$")]
    private static partial Regex RateText();
}
