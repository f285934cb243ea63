using System.Diagnostics;
using System.Net.Sockets;
using System.Net;
using System.Text.Json;
using ServeBench.NullServer.Latency;
using ServeBench.NullServer;
using ServeBench.Platform.Linux;

namespace ServeBench.Load.Tests.NullServer;

/// <summary>The null server as clients see it that are not ours: HttpClient and plain sockets.</summary>
[Lane("slow")]
public sealed class NullServerTests
{
    public static TheoryData<ServingKind> Kinds { get; } = [ServingKind.Epoll, ServingKind.Threads];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Answers_with_a_body_of_the_size_asked(ServingKind kind)
    {
        using var server = Start(kind, new NullServerOptions { ResponseBytes = 300_000 });
        using var client = new HttpClient { BaseAddress = new Uri($"http://{server.EndPoint}/") };
        foreach (var size in new[] { 0, 1, 100_000, 5_000_000 })
        {
            var answer = await client.PostAsync("any/path", new ByteArrayContent(new byte[size]), Ct);
            var body = await answer.Content.ReadAsByteArrayAsync(Ct);
            Assert.Equal((HttpStatusCode.OK, 300_000), (answer.StatusCode, body.Length));
            Assert.Equal(JsonValueKind.String, JsonDocument.Parse(body).RootElement.ValueKind);
        }
        Assert.Equal(300_000, (await client.GetByteArrayAsync("", Ct)).Length);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Answers_with_the_body_that_it_was_given(ServingKind kind)
    {
        var given = NullAnswers.Vectors(384);
        using var server = Start(kind, new NullServerOptions { Body = given });
        using var client = new HttpClient();
        Assert.Equal(given, await client.GetStringAsync(new Uri($"http://{server.EndPoint}/"), Ct));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Reads_a_request_that_comes_in_pieces_cut_anywhere(ServingKind kind)
    {
        using var server = Start(kind, new NullServerOptions { ResponseBytes = 2 });
        var request = Latin1.Bytes("POST /x HTTP/1.1\r\nHost: a\r\ncontent-LENGTH:  4 \r\n\r\nbody");
        using var socket = Connect(server);
        for (var cut = 1; cut < request.Length; cut++)
        {
            socket.Send(request.AsSpan(0, cut));
            // Time for the server to read the first piece by itself, mostly; the answer is the same either way.
            Thread.SpinWait(20_000);
            socket.Send(request.AsSpan(cut));
            Assert.EndsWith("\r\n\r\n\"\"", Receive(socket), StringComparison.Ordinal);
        }
    }

    /// <summary>What is left of the events of a request in pieces must not send its answer before it is due.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_delayed_answer_is_never_early_however_its_request_came(ServingKind kind)
    {
        using var server = Start(kind, new NullServerOptions());
        using var socket = Connect(server);
        var request = Latin1.Bytes("POST /delay/1000000 HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody");
        for (var i = 0; i < 500; i++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var at = 0; at < request.Length; at += 2) socket.Send(request.AsSpan(at, Math.Min(2, request.Length - at)));
            Assert.StartsWith("HTTP/1.1 200 OK", Receive(socket), StringComparison.Ordinal);
            Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 1, 20_000);
        }
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("GET /\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nno colon\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /delay/abc HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")]
    public void Refuses_what_it_does_not_understand_and_closes(string request)
    {
        foreach (var kind in Kinds.Select(row => row.Data))
        {
            using var server = Start(kind, new NullServerOptions());
            using var socket = Connect(server);
            socket.Send(Latin1.Bytes(request));
            Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", Receive(socket), StringComparison.Ordinal);
            Assert.Equal("", Receive(socket));
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", false)]
    public void Closes_when_the_client_wants_it(string request, bool closes)
    {
        foreach (var kind in Kinds.Select(row => row.Data))
        {
            using var server = Start(kind, new NullServerOptions());
            using var socket = Connect(server);
            socket.Send(Latin1.Bytes(request));
            Assert.Contains("200 OK", Receive(socket), StringComparison.Ordinal);
            if (!closes) socket.Send(Latin1.Bytes(request));
            Assert.Equal(closes ? "" : "HTTP/1.1 200 OK", Receive(socket).Split("\r\n")[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Remembers_what_it_planted(ServingKind kind)
    {
        using var server = Start(kind, new NullServerOptions { Latency = Parse("uniform:min=2ms,max=6ms"), Seed = 3 });
        using var client = new HttpClient { BaseAddress = new Uri($"http://{server.EndPoint}/") };
        var took = new List<double>();
        for (var i = 0; i < 100; i++)
        {
            var watch = Stopwatch.GetTimestamp();
            await client.GetByteArrayAsync("x", Ct);
            took.Add(Stopwatch.GetElapsedTime(watch).TotalSeconds);
        }
        using var planted = JsonDocument.Parse(await client.GetByteArrayAsync("planted", Ct));
        Assert.Equal("uniform:min=2ms,max=6ms", planted.RootElement.GetProperty("latency").GetString());
        Assert.Equal(100, planted.RootElement.GetProperty("count").GetInt32());
        var (planned, achieved) = (planted.RootElement.GetProperty("planned"), planted.RootElement.GetProperty("achieved"));
        Assert.InRange(planned.GetProperty("min").GetDouble(), 0.002, 0.0025);
        Assert.InRange(planned.GetProperty("p50").GetDouble(), 0.0035, 0.0045);
        Assert.InRange(planned.GetProperty("max").GetDouble(), 0.0055, 0.006);
        foreach (var name in new[] { "min", "p50", "p90", "max" })
        {
            Assert.InRange(achieved.GetProperty(name).GetDouble(), planned.GetProperty(name).GetDouble(), 10);
        }
        // An independent client's median lies above what was planted and close to what was achieved.
        took.Sort();
        Assert.InRange(took[50], planned.GetProperty("p50").GetDouble(), achieved.GetProperty("p50").GetDouble() + 0.010);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_request_can_ask_for_its_own_delay(ServingKind kind)
    {
        using var server = Start(kind, new NullServerOptions());
        using var client = new HttpClient { BaseAddress = new Uri($"http://{server.EndPoint}/") };
        var slow = Enumerable.Range(0, 4).Select(_ => Time(client, "delay/700000000")).ToArray();
        // Others are not kept waiting by those that are.
        Assert.InRange(await Time(client, "delay/1000000"), 0.001, 0.699);
        Assert.All(await Task.WhenAll(slow), s => Assert.InRange(s, 0.700, 20));
        Assert.Contains("\"count\":5,\"planned\":{\"min\":0.001,", server.Planted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lognormal:p50=5ms,p99=50ms", 5e-3, 50e-3)]
    [InlineData("constant:700us", 700e-6, 700e-6)]
    [InlineData("uniform:min=0ms,max=1s", 0.5, 0.99)]
    [InlineData("bimodal:a=5ms,b=50ms,share=0.1", 5e-3, 50e-3)]
    public void Distributions_have_the_percentiles_that_they_are_named_for(string text, double p50, double p99)
    {
        var drawn = Parse(text).Sample(40_000, seed: 1).Order().ToArray();
        Assert.InRange(drawn[20_000] / 1e9, p50 * 0.97, p50 * 1.03);
        Assert.InRange(drawn[39_600] / 1e9, p99 * 0.95, p99 * 1.05);
    }

    [Theory]
    [InlineData("normal:p50=1ms")]
    [InlineData("constant:5")]
    [InlineData("constant:-5ms")]
    [InlineData("constant:11m")]
    [InlineData("uniform:min=5ms,max=1ms")]
    [InlineData("lognormal:p50=5ms,p99=1ms")]
    [InlineData("bimodal:a=5ms,b=50ms,share=2")]
    [InlineData("bimodal:a=5ms,b=50ms")]
    [InlineData("lognormal:p50=0ms,p99=1ms")]
    [InlineData("lognormal:p99=5ms,p50=1ms")]
    [InlineData("")]
    public void A_latency_that_is_none_is_refused(string text)
    {
        Assert.Null(LatencyDistribution.TryParse(text, out var problem));
        Assert.StartsWith($"'{text}' ", problem, StringComparison.Ordinal);
    }

    private static LatencyDistribution Parse(string text) => LatencyDistribution.TryParse(text, out var problem) ?? throw new ArgumentException(problem, nameof(text));

    private static async Task<double> Time(HttpClient client, string path)
    {
        var start = Stopwatch.GetTimestamp();
        await client.GetByteArrayAsync(path, Ct);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static NullServerHost Start(ServingKind kind, NullServerOptions options)
    {
        if (kind == ServingKind.Epoll) Assert.SkipUnless(Epoll.IsSupported, "there is no epoll on this system");
        return NullServerHost.Start(options with { Serving = kind });
    }

    private static Socket Connect(NullServerHost server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 20_000 };
        socket.Connect(server.EndPoint);
        return socket;
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[4096];
        return Latin1.Text(buffer.AsSpan(0, socket.Receive(buffer)));
    }
}
