using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ServeBench.Load.Tests.Http2;
using ServeBench.NullServer;
using ServeBench.NullServer.Latency;
using ServeBench.Platform.Linux;

namespace ServeBench.Load.Tests.NullServer;

/// <summary>The null server's gRPC as clients see it that are not ours: HttpClient's HTTP/2 and frames put together by hand.</summary>
[Lane("slow")]
public sealed class NullServerGrpcTests
{
    public static TheoryData<ServingKind> Kinds { get; } = [ServingKind.Epoll, ServingKind.Threads];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Answers beyond a client's window go out as it lets them.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Answers_with_as_many_messages_of_the_size_as_asked(ServingKind kind)
    {
        foreach (var (size, count) in new[] { (2, 1), (40_000, 3), (3_000_000, 1) })
        {
            using var server = Start(kind, new NullServerOptions { ResponseBytes = size, Events = count });
            using var client = Client(server);
            foreach (var request in new[] { 0, 100, 100_000, 5_000_000 })
            {
                using var answer = await CallAsync(client, new byte[request]);
                var body = await answer.Content.ReadAsByteArrayAsync(Ct);
                Assert.Equal((HttpStatusCode.OK, "application/grpc", "0"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, answer.TrailingHeaders.GetValues("grpc-status").Single()));
                var length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1));
                Assert.Equal(count * (5 + length), body.Length);
                Assert.InRange(length - size, 6, 9);
                // The largest number of a field that there is, with bytes of a length, so that every type of message passes over it.
                Assert.Equal([0xfa, 0xff, 0xff, 0xff, 0x0f], body[5..10]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_call_can_ask_for_its_own_delay(ServingKind kind)
    {
        using var server = Start(kind, new NullServerOptions());
        using var client = Client(server);
        foreach (var (text, least, most) in new[] { ("/delay/80000000", 80, 20_000), ("/delay/0", 0, 20_000), ("/delay/x", 0, 20_000), ("/delay/", 0, 20_000), ("x", 0, 20_000) })
        {
            var start = Stopwatch.GetTimestamp();
            (await CallAsync(client, [0x0a, (byte)text.Length, .. Latin1.Bytes(text)])).Dispose();
            Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, least, most);
        }
        Assert.Contains("\"count\":2,\"planned\":{\"min\":0,", server.Planted, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Bodies_are_known_again_and_latencies_are_drawn(ServingKind kind)
    {
        using var server = Start(kind, new NullServerOptions { Latency = LatencyDistribution.TryParse("constant:60ms", out _)!, CacheHit = 0 });
        using var client = Client(server);
        foreach (var (body, isSlow) in new[] { (1, true), (1, false), (2, true), (1, false) })
        {
            var start = Stopwatch.GetTimestamp();
            (await CallAsync(client, [0x10, (byte)body])).Dispose();
            if (isSlow) Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 60, 20_000);
        }
        Assert.Equal(4, server.Achieved.Count);
        Assert.Equal(2, server.Achieved.Count(a => a >= 60_000_000));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Reads_frames_that_come_in_pieces_cut_anywhere(ServingKind kind)
    {
        using var server = Start(kind, new NullServerOptions { ResponseBytes = 2 });
        byte[] first = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frames.Of(Frames.Settings, 0, 0, Frames.Setting(4, 1000)), .. Call(1)];
        for (var cut = 1; cut < first.Length; cut += 3)
        {
            using var socket = Connect(server);
            socket.Send(first.AsSpan(0, cut));
            Thread.SpinWait(20_000);
            socket.Send(first.AsSpan(cut));
            var frames = Receive(socket, Frames.EndStream);
            Assert.Contains(frames, f => f is { Type: Frames.Settings, Flags: Frames.Ack });
            socket.Send((byte[])[.. Frames.Of(Frames.Ping, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8), .. Call(3)]);
            frames = Receive(socket, Frames.EndStream);
            Assert.Equal([Frames.Ping, Frames.Headers, Frames.Data, Frames.Headers], frames.Select(f => f.Type));
            Assert.Equal([0, 3, 3, 3], frames.Select(f => f.Stream));
        }
    }

    public static TheoryData<byte[]> Nonsense { get; } =
    [
        "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
        (byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. new byte[] { 0xff, 0, 0, 0, 0, 0, 0, 0, 0 }],
        (byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frames.Of(Frames.Data, 0, 1, 1)],
        (byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frames.Of(Frames.Headers, 4, 1), .. Frames.Of(Frames.Headers, 4, 3)],
        (byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frames.Of(Frames.Headers, 4, 1), .. Frames.Of(Frames.Reset, 0, 1, Frames.Number(8))],
    ];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Closes_on_what_it_is_not_for(byte[] bytes)
    {
        foreach (var kind in Kinds.Select(row => row.Data))
        {
            using var server = Start(kind, new NullServerOptions());
            using var socket = Connect(server);
            socket.Send(bytes);
            var buffer = new byte[4096];
            while (socket.Receive(buffer) > 0)
            {
                // Its greeting, and then the end.
            }
        }
    }

    private static byte[] Call(int stream) =>
        [.. Frames.Of(Frames.Headers, Frames.EndHeaders, stream, 0x83), .. Frames.Of(Frames.Data, Frames.EndStream, stream, Frames.Message([8, 1]))];

    private static async Task<HttpResponseMessage> CallAsync(HttpClient client, byte[] message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "any.Service/Method")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Frames.Message(message)),
        };
        return await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, Ct);
    }

    private static HttpClient Client(NullServerHost server) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://{server.EndPoint}/") };

    private static NullServerHost Start(ServingKind kind, NullServerOptions options)
    {
        if (kind == ServingKind.Epoll) Assert.SkipUnless(Epoll.IsSupported, "there is no epoll on this system");
        return NullServerHost.Start(options with { Serving = kind, Wire = "grpc" });
    }

    private static Socket Connect(NullServerHost server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 20_000 };
        socket.Connect(server.EndPoint);
        return socket;
    }

    /// <summary>Frames up to the last of an answer.</summary>
    private static List<(int Type, int Flags, int Stream, byte[] Payload)> Receive(Socket socket, int flag)
    {
        var all = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var count = socket.Receive(buffer);
            Assert.NotEqual(0, count);
            all.AddRange(buffer[..count]);
            var frames = Frames.Parse(all.ToArray());
            if (frames.Count > 0 && frames[^1].Type == Frames.Headers && (frames[^1].Flags & flag) != 0) return frames;
        }
    }
}
