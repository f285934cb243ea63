using System.Net;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Samples;
using ServeBench.Load.Encoding;
using ServeBench.Load.Tests.Encoding;
using ServeBench.Load.Wire;
using ServeBench.NullServer;
using ServeBench.NullServer.Latency;

namespace ServeBench.Load.Tests.Native;

/// <summary>Streams of tokens whose times are planted: our own driver has to find them.</summary>
[Lane("slow")]
public sealed class PlantedTokensTests : DriverTest
{
    private const string Event = "{\"choices\":[{\"index\":0,\"text\":\" whale\",\"finish_reason\":null}]}";
    private const string Role = "{\"choices\":[{\"index\":0,\"text\":\"\"}]}";
    private const string Usage = "{\"choices\":[],\"usage\":{\"completion_tokens\":16}}";

    private static readonly StreamEnd Done = new("[DONE]", null);
    private static readonly JsonAnswer Text = new(Protocols.Path("choices[0].text"), []) { IsText = true };

    private static readonly Dictionary<string, WireFormat> Completions = new WireFormat[]
    {
        new ServerSentEvents(
            new HttpRequest("POST", "/v1/completions", new Dictionary<string, string>(), new JsonBody(new JsonLiteralTemplate("{}"))), 200, Done, Text),
        new WebSocketMessages("/v1/generate/ws", new JsonLiteralTemplate("{}"), Done, Text),
    }.ToDictionary(w => w.Name);

    private static LatencyDistribution Of(string text) => LatencyDistribution.TryParse(text, out _)!;

    private static NullServerOptions Options { get; } = new()
    {
        Wire = "sse",
        Body = Event,
        Events = 16,
        Opening = Role,
        Closing = Usage,
        Latency = Of("uniform:min=80ms,max=160ms"),
        Gap = Of("uniform:min=40ms,max=80ms"),
    };

    private static LoadJob Streams(string wire, IPEndPoint target, int users, double seconds) => Job(target, new ClosedLoop(users)) with
    {
        Payloads = new PayloadSet(Completions[wire], [Completions[wire].Renderer("completions", target)(PayloadVariables.OfTexts("m", ["x"]))]),
        Measure = TimeSpan.FromSeconds(seconds),
        Deadline = TimeSpan.FromSeconds(30),
        // As many as there are words, so that an event of several tokens counts as several.
        CountText = utf8 => System.Text.Encoding.UTF8.GetString(utf8).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length,
    };

    /// <summary>The first tokens and the gaps as the server let them go, and as the driver says they came.</summary>
    [Theory]
    [InlineData("sse")]
    [InlineData("websocket")]
    public async Task First_tokens_and_gaps_of_500_streams_at_once_are_found(string wire)
    {
        using var server = NullServerHost.Start(Options with { Wire = wire });
        var result = await Driver("epoll").RunAsync(Streams(wire, server.EndPoint, 500, 4), Ct);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        var (ttft, itl) = Times(result.Samples);
        Assert.InRange(ttft.Length, 1500, 10_000);
        Assert.Equal(15 * ttft.Length, itl.Length);
        AssertNear("TTFT", server.Achieved, ttft);
        AssertNear("ITL", server.AchievedPauses, itl);
    }

    [Theory]
    [InlineData("sse", 1, " whale", 16)]
    [InlineData("sse", 4, " whale", 16)]
    [InlineData("sse", 1, " white whale", 32)]
    [InlineData("websocket", 4, " white whale", 32)]
    public async Task Tokens_are_counted_however_they_are_put_together(string wire, int together, string text, int tokens)
    {
        var body = Event.Replace(" whale", text, StringComparison.Ordinal);
        using var server = NullServerHost.Start(Options with { Wire = wire, Together = together, Body = body, Gap = Of("constant:5ms") });
        var result = await Driver("epoll").RunAsync(Streams(wire, server.EndPoint, 4, 0.5), Ct);
        var (events, counts) = (result.Samples.Series(SampleSeries.Events)!, result.Samples.Series(SampleSeries.Tokens)!);
        Assert.True(result.Samples.Count > 0);
        for (var i = 0; i < result.Samples.Count; i++)
        {
            // The role, 16 events, the numbers at the end, [DONE].
            Assert.Equal(19, events[i].Length);
            Assert.Equal(19, counts[i].Length);
            Assert.Equal(tokens, counts[i].ToArray().Sum());
            Assert.Equal([0L, 0L, 0L], [counts[i][0], counts[i][^2], counts[i][^1]]);
            // Events that left together came together; a late piece may meet the next.
            var moments = events[i][1..17].ToArray().Distinct().Count();
            Assert.InRange(moments, together == 1 ? 8 : 2, 16 / together);
        }
    }

    [Theory]
    [InlineData("sse")]
    [InlineData("websocket")]
    public async Task A_stream_that_is_cut_keeps_the_tokens_that_came(string wire)
    {
        using var server = NullServerHost.Start(Options with { Wire = wire, CutShare = 0.5, Gap = Of("constant:5ms"), Latency = Of("constant:5ms") });
        var result = await Driver("epoll").RunAsync(Streams(wire, server.EndPoint, 8, 1), Ct);
        var counts = result.Samples.Series(SampleSeries.Tokens)!;
        var cut = 0;
        for (var i = 0; i < result.Samples.Count; i++)
        {
            if (result.Samples[i].Outcome == Outcome.Success) Assert.Equal(16, counts[i].ToArray().Sum());
            else
            {
                Assert.Equal(Outcome.Disconnected, result.Samples[i].Outcome);
                Assert.Equal(8, counts[i].ToArray().Sum());
                cut++;
            }
        }
        Assert.InRange((double)cut / result.Samples.Count, 0.25, 0.75);
    }

    /// <summary>What a server that stops in mid-stream does to the gaps of all.</summary>
    [Fact]
    public async Task A_stall_in_the_middle_of_streams_is_seen()
    {
        using var server = NullServerHost.Start(
            Options with { Gap = Of("constant:10ms"), Latency = Of("constant:5ms"), Stall = new Stall(400_000_000, 100_000_000) });
        var result = await Driver("epoll").RunAsync(Streams("sse", server.EndPoint, 8, 1), Ct);
        var (_, itl) = Times(result.Samples);
        Assert.Contains(itl, gap => gap > 50_000_000);
        Assert.InRange(itl.Order().ElementAt(itl.Length / 2), 9_000_000, 13_000_000);
    }

    private static (long[] Ttft, long[] Itl) Times(SampleTable samples)
    {
        var (events, tokens) = (samples.Series(SampleSeries.Events)!, samples.Series(SampleSeries.Tokens)!);
        var (ttft, itl) = (new List<long>(), new List<long>());
        for (var i = 0; i < samples.Count; i++)
        {
            var last = -1L;
            for (var e = 0; e < events[i].Length; e++)
            {
                if (tokens[i][e] == 0) continue;
                if (last < 0) ttft.Add(events[i][e]);
                else itl.Add(events[i][e] - last);
                last = events[i][e];
            }
        }
        return ([.. ttft], [.. itl]);
    }

    /// <summary>Quantiles of what was planted and of what was found, within 1 % or 0.1 ms.</summary>
    private static void AssertNear(string what, IReadOnlyList<long> planted, long[] found)
    {
        var (truth, said) = (planted.Order().ToArray(), found.Order().ToArray());
        foreach (var p in new[] { 0.1, 0.5, 0.9, 0.95 })
        {
            var (due, given) = (truth[(int)(p * (truth.Length - 1))], said[(int)(p * (said.Length - 1))]);
            Assert.True(
                Math.Abs(given - due) <= Math.Max(100_000, due / 100),
                $"{what} p{100 * p:0}: {given / 1e6:0.000} ms where {due / 1e6:0.000} ms were planted");
        }
    }
}
