using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Robustness;

/// <summary>
/// The built program at saturation, with one request in a hundred malformed, too large, abandoned or slow among the good ones,
/// which share its batches. <c>SERVEBENCH_SOAK_SECONDS</c> says for how long (usually 10; <c>--target=Evidence --what=server-soak</c>: 900); from two minutes on, memory is held
/// to what it was after the first third.
/// </summary>
[Lane("slow")]
public sealed class SoakTests(PreparedMiniLm model)
{
    private const int Callers = 24;
    private const string Path = "/v1/embeddings";

    private readonly ITestOutputHelper _output = TestContext.Current.TestOutputHelper!;

    [Fact]
    public async Task Good_requests_are_answered_rightly_whoever_shares_their_batch()
    {
        var duration = TimeSpan.FromSeconds(Settings.Number("SERVEBENCH_SOAK_SECONDS", 10));
        await using var server = await RunningProgram.StartAsync($"--model={model.Folder}", "--threads=1", "--max-body=100000");
        var texts = SpokenTexts.Mixed(64, seed: 1);
        var (bodies, expected) = (texts.Select(SpokenTexts.Body).ToArray(), texts.Select(model.Embed).ToArray());
        var (good, refused, bad) = (0L, 0L, 0L);
        var began = Stopwatch.GetTimestamp();
        var watching = SoakReading.WatchAsync(server, duration);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var random = new Random(caller);
            while (Stopwatch.GetElapsedTime(began) < duration)
            {
                if (random.Next(100) == 0)
                {
                    await MisbehaveAsync(server, random);
                    Interlocked.Increment(ref bad);
                    continue;
                }
                var which = random.Next(texts.Length);
                using var content = new ByteArrayContent(bodies[which]);
                using var response = await server.Client.PostAsync(Path, content);
                if (response.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    // Where the machine has no time for it, a server may say so; what it does answer is right all the same.
                    Interlocked.Increment(ref refused);
                    continue;
                }
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Embeddings.AssertSame(expected[which], Embeddings.Of(JsonElement.Parse(await response.Content.ReadAsByteArrayAsync()), 0));
                Interlocked.Increment(ref good);
            }
        }));
        var readings = await watching;
        _output.WriteLine($"{good} good requests answered rightly, {refused} refused, {bad} others, in {duration.TotalSeconds:0} s");
        foreach (var reading in readings) _output.WriteLine(reading.ToString());

        Assert.False(server.HasExited);
        Assert.True(good > Callers);
        Assert.True(refused <= good / 100, $"{refused} good requests were refused, and {good} answered");
        Assert.Equal(0, await SoakReading.CounterAsync(server, "outcome=\"failed\"}"));
        Assert.Equal(0, await SoakReading.CounterAsync(server, "servebench_requests_in_flight"));
        SoakReading.AssertSteady(readings, duration);
    }

    /// <summary>One request that a server would rather not have.</summary>
    private static async Task MisbehaveAsync(RunningProgram server, Random random)
    {
        var kind = random.Next(4);
        if (kind < 2)
        {
            using var content = new ByteArrayContent(kind == 0 ? "{\"input\":[\"whale\","u8.ToArray() : new byte[200_000]);
            using var response = await server.Client.PostAsync(Path, content);
            Assert.Equal(kind == 0 ? HttpStatusCode.BadRequest : HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            return;
        }
        var body = SpokenTexts.Body(SpokenTexts.OfLength(100, random));
        using var connection = await RawConnection.OpenAsync(server.Address);
        try
        {
            await connection.SendAsync($"POST {Path} HTTP/1.1\r\nHost: a\r\nContent-Length: {body.Length}\r\n\r\n");
            if (kind == 2)
            {
                // Abandoned: before its end, or once it is queued.
                await connection.SendAsync(body.AsMemory(0, random.Next(2) == 0 ? body.Length / 2 : body.Length));
                await Task.Delay(random.Next(5));
            }
            else
            {
                // Slow: a piece at a time, and nobody reads the answer to its end.
                for (var at = 0; at < body.Length; at += 64)
                {
                    await connection.SendAsync(body.AsMemory(at, Math.Min(64, body.Length - at)));
                    await Task.Delay(20);
                }
                Assert.Contains("200", await connection.ReadStatusLineAsync(TimeSpan.FromSeconds(60)));
            }
        }
        catch (SocketException)
        {
            // The server may have given up first.
        }
        connection.Reset();
    }
}
