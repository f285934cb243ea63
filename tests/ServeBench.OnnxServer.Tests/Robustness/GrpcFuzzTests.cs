using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Inference;
using ServeBench.OnnxServer.Tests.Grpc;
using ServeBench.OnnxServer.Tests.Images;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Robustness;

/// <summary>
/// Changed messages of gRPC, and changed frames of HTTP/2 below them. <c>SERVEBENCH_FUZZ_MESSAGES</c> and <c>SERVEBENCH_FUZZ_FRAMES</c> say
/// how many (usually 2,000) and <c>SERVEBENCH_FUZZ_SEED</c> which; <c>--target=Evidence --what=fuzz-grpc</c> runs it at length.
/// </summary>
[Lane("slow")]
public sealed class GrpcFuzzTests(GrpcServer grpc) : IClassFixture<GrpcServer>
{
    private const int Lanes = 16;

    /// <summary>What managed memory may be larger by at the end: caches and pools, no matter how much was sent.</summary>
    private const long MostKept = 64 << 20;

    /// <summary>Frames that lie about their length leave the server waiting for the rest.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>OK, INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED, UNIMPLEMENTED: never UNKNOWN or INTERNAL.</summary>
    private static readonly string[] Due = ["0", "3", "5", "8", "12"];

    [Fact]
    public async Task Changed_messages_end_with_a_status_that_says_whose_fault_it_is()
    {
        var (messages, seed) = (Settings.Number("SERVEBENCH_FUZZ_MESSAGES", 2_000), Settings.Number("SERVEBENCH_FUZZ_SEED", 1));
        var right = RightMessages();
        var statuses = await FuzzAsync(messages, seed, async (random, calls) =>
        {
            var message = Changes.Of(right[random.Next(right.Length)], random);
            using var content = RawCalls.Message(message);
            var (status, said) = await calls.CallAsync("ModelInfer", content);
            return Due.Contains(status) ? status : throw new InvalidOperationException($"status {status}, {said}, for {Convert.ToBase64String(message)}");
        });
        // Some are still right, most are not.
        Assert.True(statuses.GetValueOrDefault("0") > messages / 100, "hardly any was right");
        Assert.True(statuses.GetValueOrDefault("3") > messages / 5, "hardly any was wrong");
    }

    [Fact]
    public async Task Changed_frames_end_with_an_answer_or_a_closed_connection()
    {
        var (connections, seed) = (Settings.Number("SERVEBENCH_FUZZ_FRAMES", 2_000), Settings.Number("SERVEBENCH_FUZZ_SEED", 1));
        var message = RightMessages()[0];
        var ends = await FuzzAsync(connections, seed, (random, _) => EndAsync(FrameMutator.Connection(message, random)));
        Assert.True(ends.GetValueOrDefault("answered") > connections / 20, "hardly any connection was kept");
        Assert.True(ends.GetValueOrDefault("closed") > connections / 20, "hardly any connection was closed");
        Assert.True(ends.GetValueOrDefault("silent") < connections / 3, "the server hears nothing of most");
    }

    /// <summary>Does one thing many times on some lanes; then the server must be as good as before.</summary>
    /// <returns>How often each end came.</returns>
    private async Task<ConcurrentDictionary<string, int>> FuzzAsync(int times, int seed, Func<Random, RawCalls, Task<string>> once)
    {
        var ends = new ConcurrentDictionary<string, int>();
        var wrong = new ConcurrentQueue<string>();
        await GoodAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Parallel.ForEachAsync(Enumerable.Range(0, Lanes), new ParallelOptions { MaxDegreeOfParallelism = Lanes }, async (lane, _) =>
        {
            var random = new Random((seed * 1000) + lane);
            using var calls = new RawCalls(grpc.Server.GrpcAddress);
            for (var i = lane; i < times; i += Lanes)
            {
                try
                {
                    ends.AddOrUpdate(await once(random, calls), 1, (_, count) => count + 1);
                }
                catch (Exception e) when (e is InvalidOperationException or HttpRequestException)
                {
                    wrong.Enqueue($"{i} of SERVEBENCH_FUZZ_SEED={seed}: {e.Message}");
                }
            }
        });
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {string.Join(", ", ends.OrderBy(e => e.Key).Select(e => $"{e.Key}: {e.Value}"))}; managed memory {kept / 1e6:+0.0;-0.0;0} MB");
        Assert.Empty(wrong.Take(5));
        await GoodAsync();
        Assert.InRange(kept, long.MinValue, MostKept);
        return ends;
    }

    private async Task GoodAsync()
    {
        var answer = await grpc.Client.ModelInferAsync(ModelInferRequest.Parser.ParseFrom(RightMessages()[^1]), cancellationToken: TestContext.Current.CancellationToken);
        var logits = MemoryMarshal.Cast<byte, float>(answer.RawOutputContents[0].Span).ToArray();
        Assert.All(grpc.Images.Run(SmallClassifier.Pixels("420.jpg")).Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    /// <summary>A text, tokens, a file in both places, and pixels.</summary>
    private static byte[][] RightMessages()
    {
        var file = ByteString.CopyFrom(RecordedImages.Read("420.jpg"));
        var pixels = MemoryMarshal.AsBytes<float>(SmallClassifier.Pixels("420.jpg")).ToArray();
        return
        [
            Message(PreparedMiniLm.Name, "text", "BYTES", [1], new InferTensorContents { BytesContents = { ByteString.CopyFromUtf8("whale") } }),
            Message(PreparedMiniLm.Name, "input_ids", "INT64", [1, 3], new InferTensorContents { Int64Contents = { 101, 13156, 102 } }),
            Message(SmallClassifier.Name, "encoded", "BYTES", [1], new InferTensorContents { BytesContents = { file } }),
            Message(SmallClassifier.Name, "encoded", "BYTES", [1], null, [.. BitConverter.GetBytes(file.Length), .. file]),
            Message(SmallClassifier.Name, "pixels", "FP32", [1, 3, SmallClassifier.Size, SmallClassifier.Size], null, pixels),
        ];
    }

    private static byte[] Message(string model, string input, string type, long[] shape, InferTensorContents? contents, byte[]? raw = null)
    {
        var request = new ModelInferRequest { ModelName = model, Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = input, Datatype = type, Shape = { shape }, Contents = contents } } };
        if (raw is not null) request.RawInputContents.Add(ByteString.CopyFrom(raw));
        return request.ToByteArray();
    }

    /// <returns>Whether the connection answered its last frame, was closed, or neither.</returns>
    private async Task<string> EndAsync(byte[] sent)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(enable: true, seconds: 0) };
        using var limit = new CancellationTokenSource(Patience);
        var (buffer, length) = (new byte[1 << 16], 0);
        try
        {
            await socket.ConnectAsync(grpc.Server.GrpcAddress.Host, grpc.Server.GrpcAddress.Port, limit.Token);
            await socket.SendAsync(sent, limit.Token);
            while (length < buffer.Length)
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(length), limit.Token);
                if (count == 0) return "closed";
                length += count;
                if (buffer.AsSpan(0, length).IndexOf(FrameMutator.Answer) >= 0) return "answered";
            }
            return "silent";
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return "closed";
        }
        catch (OperationCanceledException)
        {
            return "silent";
        }
    }
}
