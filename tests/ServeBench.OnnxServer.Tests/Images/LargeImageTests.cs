using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Client;
using Inference;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Images;

/// <summary>What images take together is bounded: large ones are decoded in turn, and all that wait fit into one room.</summary>
public sealed class LargeImageTests(SmallClassifier model) : IClassFixture<SmallClassifier>
{
    private static readonly ImageSize Large = new(2048, 2048);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Lane("slow")]
    public async Task Who_waits_too_long_for_a_turn_is_told_to_come_back()
    {
        await using var server = await RunningServer.StartAsync(model.Folder, "--grpc-port=0");
        var file = HostileImageTests.Resized("interlaced.png", Large.Width, Large.Height);
        using (var holder = new TurnHolder())
        {
            using var busy = await PostAsync(server, file);
            Assert.Equal(HttpStatusCode.TooManyRequests, busy.StatusCode);
            Assert.NotNull(busy.Headers.RetryAfter);
            using var channel = GrpcChannel.ForAddress(server.GrpcAddress);
            var request = new ModelInferRequest
            {
                ModelName = SmallClassifier.Name,
                Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "encoded", Datatype = "BYTES", Shape = { 1 }, Contents = new InferTensorContents { BytesContents = { Google.Protobuf.ByteString.CopyFrom(file) } } } },
            };
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelInferAsync(request, cancellationToken: Cancel));
            Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
            // Small ones need no turn.
            using var small = await PostAsync(server, RecordedImages.Read("interlaced.png"));
            Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        }
        using var later = await PostAsync(server, file);
        Assert.Equal(HttpStatusCode.BadRequest, later.StatusCode);
        Assert.Contains("is damaged", await later.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task An_image_that_can_never_fit_is_refused_before_any_memory_is_taken()
    {
        using var variant = new SmallClassifier(preparesInGraph: true, givesProbabilities: false, top: 0);
        await using var server = await RunningServer.StartAsync(variant.Folder, "--max-pixels=268435456");
        using var answer = await PostAsync(server, HostileImageTests.Resized("rgb.png", 16384, 16384));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("need 1073741824 bytes of memory, more than the 536870912 that this server has for images", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public void Room_is_taken_by_requests_and_comes_back_with_them()
    {
        var room = new ImageRoom();
        var (first, second) = (new ClassificationRequest(), new ClassificationRequest());
        Assert.Null(first.Reserve(300 << 20 >> 1, room));
        Assert.Null(first.Reserve(200 << 20, room));
        Assert.Equal(ErrorKind.Invalid, first.Reserve(1 << 20, room)!.Kind);
        Assert.Equal(ErrorKind.Overloaded, second.Reserve(1 << 20, room)!.Kind);
        first.Reset();
        Assert.Null(second.Reserve(1 << 20, room));
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, byte[] file)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        return await server.Client.PostAsync("/v1/classify", content, Cancel);
    }

    /// <summary>A thread that decodes a large image until it is disposed of.</summary>
    private sealed class TurnHolder : IDisposable
    {
        private readonly ManualResetEventSlim _isDone = new();
        private readonly Thread _thread;

        public TurnHolder()
        {
            using var isHeld = new ManualResetEventSlim();
            _thread = new Thread(() =>
            {
                using var turn = LargeImages.Enter(Large);
                isHeld.Set();
                _isDone.Wait();
            });
            _thread.Start();
            isHeld.Wait();
        }

        public void Dispose()
        {
            _isDone.Set();
            _thread.Join();
            _isDone.Dispose();
        }
    }
}
