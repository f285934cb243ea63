using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Workloads;

/// <summary>Reads k6/workloads/&lt;group&gt;/&lt;name&gt;.yaml.</summary>
internal static class WorkloadReader
{
    private static readonly string[] PayloadKinds = ["text"];

    public static Workload Read(YamlMapping file, string path, string group, IReadOnlyCollection<string> profiles)
    {
        var objectives = file.Mapping("objectives");
        var workload = new Workload
        {
            Name = file.Text("name"),
            Group = group,
            Title = file.Text("title"),
            Protocols = file.Texts("protocols"),
            Models = file.OptionalTexts("models"),
            Payload = Payload(file.Mapping("payload")),
            Objectives = new Objectives(
                objectives.Duration("deadline", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)),
                objectives.Has("latency-p95") ? objectives.Duration("latency-p95", TimeSpan.FromTicks(10), TimeSpan.FromMinutes(10)) : null,
                objectives.Number("error-rate", 0, 1)),
            Scenarios = ScenarioReader.Read(file, profiles),
            File = path,
        };
        objectives.Done();
        file.Done();
        return workload;
    }

    private static TextPayload Payload(YamlMapping payload)
    {
        payload.OneOf("kind", PayloadKinds);
        var spec = new TextPayload(
            payload.Text("corpus"),
            Lengths(payload.Mapping("lengths")),
            payload.Integer("items-per-request", 1, 4096),
            payload.Integer("distinct", 1, 1 << 20));
        payload.Done();
        return spec;
    }

    /// <summary>Reads <c>lengths: { 16: 3, 128: 1 }</c>: tokens, and how often that length occurs beside the others.</summary>
    private static TokenLength[] Lengths(YamlMapping lengths)
    {
        var result = new List<TokenLength>();
        foreach (var key in lengths.Keys)
        {
            if (int.TryParse(key, out var tokens) && tokens is >= 3 and <= 1 << 20) result.Add(new TokenLength(tokens, lengths.Integer(key, 1, 1_000_000)));
            else lengths.Fault(key, $"'{key}' is not a number of tokens from 3 to {1 << 20}", "Write tokens: weight, for example 128: 1");
            lengths.Node(key);
        }
        if (lengths.Keys.Count == 0) lengths.Fault(null, "no length is given", "Write tokens: weight, for example 128: 1");
        lengths.Done();
        return [.. result];
    }
}
