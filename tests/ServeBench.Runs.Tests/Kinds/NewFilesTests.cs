using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Kinds;

/// <summary>A stack, a protocol and a workload are files: a run over a checkout that holds them measures them, and no code knows them.</summary>
[Collection("sessions")]
[Lane("slow")]
public sealed class NewFilesTests : IDisposable
{
    private readonly World _world = new();

    private TinyRepository Repository => _world.Repository;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_stack_a_protocol_and_a_workload_are_added_as_files_alone()
    {
        Repository.Stack("newcomer", protocols: "spoken-otherwise");
        Repository.Write("k6/protocols/spoken-otherwise.yaml", """
            name: spoken-otherwise
            title: Spoken otherwise
            specification: https://example.org
            payload: text
            transport: http
            request: { method: POST, path: /v1/embeddings, body: { json: { input: "${texts}", user: "somebody" } } }
            response: { json: { items: "data[*]", embedding: "data[*].embedding" } }
            """);
        Repository.Write("k6/workloads/embeddings/more.yaml", """
            name: more
            title: More texts
            protocols: [spoken-otherwise]
            payload: { kind: text, corpus: words.txt, lengths: { 8: 1 }, items-per-request: 2, distinct: 12 }
            objectives: { deadline: 5s, error-rate: 0.01 }
            scenarios:
              sweep: { title: A sweep, loop: closed, concurrency: { quick: [2] } }
            """);

        var session = _world.Start(r => r with { Stacks = ["newcomer"], Workloads = ["more"] });
        var outcome = await session.LoadAsync(TestContext.Current.CancellationToken);

        // 2 trials of the newcomer and of the newcomer again, at one level.
        Assert.Equal(new(4, 0, 0), outcome.Summary);
        var manifest = outcome.Folder.ReadManifest();
        Assert.Equal(["newcomer", "newcomer (again)"], manifest.Contenders.Select(c => c.Label).Order(StringComparer.Ordinal));
        Assert.Equal("more", Assert.Single(manifest.Workloads).Name);
        Assert.All(outcome.Folder.ReadDeployments(), d => Assert.True(d.Parity!.Passed));
    }
}
