using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Habits;

/// <summary>Adds the toy kind of work to a checkout: whatever number the stand-in is sent, it answers rightly.</summary>
internal static class ToyCheckout
{
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
        repository.Write("k6/workloads/toys/doubles.yaml", """
            name: doubles
            title: Doubles
            protocols: [doubling]
            payload: { kind: number, largest: 1000, distinct: 997 }
            objectives: { deadline: 5s, error-rate: 0.01 }
            scenarios:
              sweep: { title: A sweep, loop: closed, concurrency: { quick: [2] } }
            """);
        var model = File.ReadAllText(Path.Combine(repository.Root, "models", "tiny", "model.yaml"));
        repository.Write(
            "models/toy/model.yaml",
            model.Replace("name: tiny", "name: toy").Replace("[embeddings]", "[toys]")[..^1].Split("parity:")[0] + "parity: { largest-error: 0.5 }\n");
    }
}
