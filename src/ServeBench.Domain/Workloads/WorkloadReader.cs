using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Workloads;

/// <summary>Reads k6/workloads/&lt;group&gt;/&lt;name&gt;.yaml.</summary>
internal static class WorkloadReader
{
    public static Workload Read(
        YamlMapping file, string path, string group, IReadOnlyCollection<string> profiles, CatalogueVocabulary vocabulary)
    {
        var objectives = file.Mapping("objectives");
        var workload = new Workload
        {
            Name = file.Text("name"),
            Group = group,
            Title = file.Text("title"),
            Protocols = file.Texts("protocols"),
            Models = file.OptionalTexts("models"),
            Payload = Payload(file.Mapping("payload"), vocabulary.Payloads),
            Objectives = new Objectives(
                objectives.Duration("deadline", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)),
                Limit(objectives, "latency-p95"),
                objectives.Number("error-rate", 0, 1))
            {
                TtftP95 = Limit(objectives, "ttft-p95"),
                ItlP95 = Limit(objectives, "itl-p95"),
            },
            Scenarios = ScenarioReader.Read(file, profiles, vocabulary.Scenarios),
            File = path,
        };
        objectives.Done();
        file.Done();
        return workload;
    }

    private static TimeSpan? Limit(YamlMapping objectives, string key) =>
        objectives.Has(key) ? objectives.Duration(key, TimeSpan.FromTicks(10), TimeSpan.FromMinutes(10)) : null;

    private static PayloadSpec Payload(YamlMapping payload, IReadOnlyList<IPayloadKind> kinds)
    {
        var name = payload.OneOf("kind", [.. kinds.Select(k => k.Name)]);
        return kinds.FirstOrDefault(k => k.Name == name)?.Read(payload) ?? new UnknownPayload();
    }
}
