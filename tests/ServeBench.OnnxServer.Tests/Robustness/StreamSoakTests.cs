using System.Diagnostics;
using System.Net;
using ServeBench.OnnxServer.Tests.Generation;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Robustness;

/// <summary>
/// The built program continuing texts in as many streams as it has slots and more, one in twenty of which its client abandons. <c>SERVEBENCH_SOAK_SECONDS</c>
/// says for how long (usually 10; <c>--target=Evidence --what=server-stream-soak</c>: 900); from two minutes on, memory is held to what it was after the
/// first third.
/// </summary>
[Lane("slow")]
public sealed class StreamSoakTests(TinyGenerator model) : IClassFixture<TinyGenerator>
{
    private const int Callers = 24;
    private const int Slots = 16;
    private const int AbandonedOneIn = 20;
    private const int Tokens = 40;

    private readonly ITestOutputHelper _output = TestContext.Current.TestOutputHelper!;

    [Fact]
    public async Task Abandoned_streams_leave_neither_slots_nor_memory_behind()
    {
        var duration = TimeSpan.FromSeconds(Settings.Number("SERVEBENCH_SOAK_SECONDS", 10));
        await using var server = await RunningProgram.StartAsync($"--model={model.Folder}", "--threads=1", $"--max-sequences={Slots}");
        // A client that is done with an answer before its end closes the connection, and does not read what is left.
        using var client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = server.Address };
        int[][] prompts = [.. Enumerable.Range(0, 32).Select(i => Enumerable.Range(500 + (40 * i), 3 + i).ToArray())];
        string[] expected = [.. prompts.Select(p => model.Tokenizer.Decode([.. model.Continue(p, Tokens)]))];
        var (whole, abandoned) = (0L, 0L);
        var began = Stopwatch.GetTimestamp();
        var watching = SoakReading.WatchAsync(server, duration);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var random = new Random(caller);
            while (Stopwatch.GetElapsedTime(began) < duration)
            {
                var which = random.Next(prompts.Length);
                using var stream = await StreamAsync(client, prompts[which]);
                Assert.Equal(HttpStatusCode.OK, stream.Status);
                if (random.Next(AbandonedOneIn) == 0)
                {
                    // Before the first token or amid them; the connection is closed with the answer half read.
                    for (var events = random.Next(Tokens / 2); events > 0; events--) Assert.NotNull(await stream.NextAsync());
                    Interlocked.Increment(ref abandoned);
                    continue;
                }
                Assert.Equal(expected[which], await stream.TextAsync());
                Interlocked.Increment(ref whole);
            }
        }));
        var readings = await watching;
        _output.WriteLine($"{whole} streams read to their end, {abandoned} abandoned, in {duration.TotalSeconds:0} s");
        foreach (var reading in readings) _output.WriteLine(reading.ToString());

        Assert.True(abandoned > 0 && whole > 10 * abandoned, $"{whole} streams were read to their end, and {abandoned} abandoned");
        // The last to leave may still be noticed.
        string[] mustBeEmpty = ["servebench_sequences_running", "servebench_sequences_waiting", "servebench_requests_in_flight", "servebench_cache_tokens"];
        foreach (var name in mustBeEmpty)
            await Eventually.HoldsAsync(async () => await SoakReading.CounterAsync(server, name) == 0, $"{name} is 0");
        Assert.InRange(await SoakReading.CounterAsync(server, "servebench_sequences_cancelled_total"), 1, abandoned);
        Assert.Equal(0, await SoakReading.CounterAsync(server, "outcome=\"failed\"}"));
        Assert.False(server.HasExited);
        SoakReading.AssertSteady(readings, duration);
    }

    private static async Task<TokenStream> StreamAsync(HttpClient client, int[] prompt)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions");
        request.Content = new StringContent($$"""{"prompt":[{{string.Join(',', prompt)}}],"max_tokens":{{Tokens}},"ignore_eos":true,"stream":true}""");
        return new TokenStream(await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }
}
