using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Hosting;

[Lane("slow")]
public sealed class ConcurrencyTests(PreparedMiniLm model)
{
    [Theory]
    [InlineData("dynamic", 1)]
    [InlineData("dynamic", 2)]
    [InlineData("none", 1)]
    public async Task Each_caller_gets_its_own_answer(string batching, int instances)
    {
        await using var server = await RunningServer.StartAsync(model.Folder, $"--batching={batching}", $"--instances={instances}", "--threads=1");
        var texts = Enumerable.Range(0, 48).Select(i => string.Join(' ', Enumerable.Range(0, 1 + i % 23).Select(w => $"word {i * 31 + w}"))).ToArray();
        var expected = texts.Select(model.Embed).ToArray();
        await Parallel.ForAsync(0, texts.Length * 3, new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (n, _) =>
        {
            var i = n % texts.Length;
            var (status, body) = await server.PostAsync("/v1/embeddings", $$"""{"model":"all-MiniLM-L6-v2","input":{{JsonSerializer.Serialize(texts[i], JsonSerializerOptions.Web)}}}""");
            Assert.Equal(200, status);
            Embeddings.AssertSame(expected[i], Embeddings.Of(body, 0));
        });
        Assert.Equal(texts.Length * 3, await server.CounterAsync("servebench_inferences_total"));
        var executions = await server.CounterAsync("servebench_executions_total");
        if (batching == "none") Assert.Equal(texts.Length * 3, executions);
        else Assert.InRange(executions, 1, texts.Length * 3 - 1);
    }
}
