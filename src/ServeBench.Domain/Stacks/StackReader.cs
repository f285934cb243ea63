using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Stacks;

/// <summary>Reads src/stacks/&lt;name&gt;/stack.yaml.</summary>
internal static class StackReader
{
    private const string Absent = "absent";

    public static Stack Read(YamlMapping file, string folder, CatalogueVocabulary vocabulary)
    {
        var complexity = file.Mapping("complexity");
        var counters = file.OptionalMapping("counters");
        var hosts = Hosts(file, folder, vocabulary);
        ISectionReader[] readers = [.. vocabulary.Hosts.Where(h => hosts.ContainsKey(h.Name))];
        var groups = file.Texts("groups");
        var tracks = TrackReader.Read(file, groups, readers);
        var stack = new Stack
        {
            Name = file.Text("name"),
            Title = file.Text("title"),
            Summary = file.Text("summary"),
            Licence = file.Text("licence"),
            Groups = groups,
            Protocols = file.Texts("protocols"),
            ModelFormat = file.OneOf("model-format", Models.ModelFormats.All),
            Precision = file.OneOf("precision", Models.Precisions.All),
            OtherPrecisions = OtherPrecisions(file),
            Tracks = tracks,
            Complexity = new Complexity(complexity.Integer("score", 1, 10), complexity.Text("why")),
            Evidence = StackEvidence.Read(file),
            Features = StackEvidence.ReadFeatures(file),
            Counters = counters is null || counters.Has(Absent) ? null : CountersOf(counters),
            CountersAbsence = counters?.OptionalText(Absent),
            Lifecycle = LifecycleReader.Read(file, readers),
            OutcomeRules = OutcomeRuleReader.Read(file),
            ModelRepository = RepositoryReader.Read(file, folder, tracks),
            Hosts = hosts,
            Folder = folder,
        };
        complexity.Done();
        counters?.Done();
        file.Done();
        return stack;
    }

    private static CounterSource CountersOf(YamlMapping counters)
    {
        var measurements = StackMeasurement.ReadAll(counters);
        // A stack that announces measurements of its own need not have these two; else they are what the section is for.
        var needed = measurements.Count == 0 || counters.Has("inferences") || counters.Has("executions");
        string? Name(string key) => needed ? counters.Text(key) : counters.OptionalText(key);
        return new CounterSource(
            counters.Text("path"),
            Name("inferences"),
            Name("executions"),
            counters.OptionalText("model-load"),
            counters.OptionalText("runtime"),
            counters.OptionalMapping("timings") is { } timings ? TimingSource.Read(timings) : null)
        {
            Delay = counters.Duration("delay", TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.Zero),
            Holds = counters.OptionalText("holds"),
            Measurements = measurements,
        };
    }

    private static IReadOnlyList<string> OtherPrecisions(YamlMapping file)
    {
        var others = file.OptionalTexts("other-precisions");
        foreach (var unknown in others.Except(Models.Precisions.All))
            file.Fault("other-precisions", $"'{unknown}' is not a precision", NearestName.Remedy(unknown, Models.Precisions.All));
        return others;
    }

    private static Dictionary<string, object> Hosts(YamlMapping file, string folder, CatalogueVocabulary vocabulary)
    {
        var hosts = new Dictionary<string, object>();
        foreach (var (name, section) in file.NamedMappings("hosts"))
        {
            if (vocabulary.Hosts.FirstOrDefault(h => h.Name == name) is { } reader) hosts[name] = reader.Read(section, folder);
            else
                section.Fault(
                    null, $"no host is called '{name}'", NearestName.Remedy(name, vocabulary.Hosts.Select(h => h.Name).ToArray()));
        }
        return hosts;
    }
}
