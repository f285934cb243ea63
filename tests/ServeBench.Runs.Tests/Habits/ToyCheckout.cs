using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Habits;

/// <summary>Adds the toy kind of work to a checkout: whatever number the stand-in is sent, it answers rightly.</summary>
internal static class ToyCheckout
{
    /// <summary>Two requests in flight, without end.</summary>
    public const string Doubles = "doubles";

    /// <summary>The same, answered as streams of events.</summary>
    public const string Streams = "streams";

    /// <summary>A request every 50 ms: connections are idle in between.</summary>
    public const string Seldom = "seldom";

    /// <summary>What the stand-in speaks, as <c>protocols:</c> of its stack.yaml has it.</summary>
    public const string Protocols = "doubling, doubling-events";

    public static void Prepare(TinyRepository repository)
    {
        repository.Write("k6/protocols/doubling.yaml", """
            name: doubling
            title: Doubling
            specification: https://example.org
            payload: number
            transport: http
            request: { method: POST, path: /double, body: { json: { of: "${number}", by: "${model}" } } }
            response: { json: { items: "answers[*]", double: "answers[*]" } }
            """);
        repository.Write("k6/protocols/doubling-events.yaml", """
            name: doubling-events
            title: Doubling, as events
            specification: https://example.org
            payload: number
            transport: sse
            request: { method: POST, path: /double, body: { json: { of: "${number}", by: "${model}", stream: true } } }
            response: { json: { items: "answers[*]", double: "answers[*]" }, last: "[DONE]" }
            """);
        Workload(repository, Doubles, "doubling", "5s", "loop: closed, concurrency: { quick: [2] }");
        Workload(repository, Streams, "doubling-events", "300ms", "loop: closed, concurrency: { quick: [2] }");
        Workload(repository, Seldom, "doubling", "5s", "loop: open, arrivals: constant, rates: { quick: [20/s] }");
        // Long enough for connections to be idle in it, and for counters that are late.
        var profile = File.ReadAllText(Path.Combine(repository.Root, "k6", "profiles", "quick.yaml"));
        repository.Write("k6/profiles/quick.yaml", profile.Replace("measure: 50ms", "measure: 500ms"));
        var model = File.ReadAllText(Path.Combine(repository.Root, "models", "tiny", "model.yaml"));
        repository.Write(
            "models/toy/model.yaml",
            model.Replace("name: tiny", "name: toy").Replace("[embeddings]", "[toys]")[..^1].Split("parity:")[0] + "parity: { largest-error: 0.5 }\n");
    }

    private static void Workload(TinyRepository repository, string name, string protocol, string deadline, string scenario) =>
        repository.Write($"k6/workloads/toys/{name}.yaml", $$"""
            name: {{name}}
            title: Numbers, {{name}}
            protocols: [{{protocol}}]
            payload: { kind: number, largest: 1000, distinct: 997 }
            objectives: { deadline: {{deadline}}, error-rate: 0.01 }
            scenarios:
              only: { title: The only one, {{scenario}} }
            """);
}
