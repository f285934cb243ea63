using System.Net;
using System.Text;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Generation;

/// <summary>SIGTERM in the middle of streams, at the program itself.</summary>
[Lane("slow")]
public sealed class StreamEndTests(TinyGenerator model) : IClassFixture<TinyGenerator>
{
    /// <summary>So many that they last for seconds, in the slots of sixteen.</summary>
    private const int Prompts = 600;

    private const int Count = 100;

    [Fact]
    public async Task Streams_in_flight_are_finished_and_new_ones_are_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM on Windows");
        await using var server = await RunningProgram.StartAsync($"--model={model.Folder}", "--threads=1", "--stop-time=60s");
        using var stream = new TokenStream(await AskAsync(server, Prompts, Count));
        Assert.Equal(HttpStatusCode.OK, stream.Status);
        server.Terminate();
        await Eventually.HoldsAsync(
            async () => (await server.Client.GetAsync("/health", TestContext.Current.CancellationToken)).StatusCode == HttpStatusCode.ServiceUnavailable,
            "the server says that it is about to end");
        using (var late = await AskAsync(server, 1, 1))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
            Assert.Contains("\"stopping\"", await late.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        var texts = new StringBuilder[Prompts];
        for (var i = 0; i < Prompts; i++) texts[i] = new StringBuilder();
        var finished = 0;
        foreach (var choice in (await stream.RestAsync()).SelectMany(e => e.GetProperty("choices").EnumerateArray()))
        {
            texts[choice.GetProperty("index").GetInt32()].Append(choice.GetProperty("text").GetString());
            if (choice.GetProperty("finish_reason").GetString() == "length") finished++;
        }
        Assert.Equal(Prompts, finished);
        var right = model.Tokenizer.Decode([.. model.Continue([1, 2], Count)]);
        Assert.All(texts, text => Assert.Equal(right, text.ToString()));
        await server.WaitForExitAsync();
        Assert.Equal(0, server.ExitCode);
    }

    private static Task<HttpResponseMessage> AskAsync(RunningProgram server, int prompts, int count)
    {
        var body = $$"""{"prompt":[{{string.Join(',', Enumerable.Repeat("[1,2]", prompts))}}],"max_tokens":{{count}},"ignore_eos":true,"stream":true}""";
        var request = new HttpRequestMessage(HttpMethod.Post, FakeServer.Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
