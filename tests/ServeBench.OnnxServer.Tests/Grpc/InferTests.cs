using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Inference;
using ServeBench.OnnxServer.Tests.Images;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Grpc;

/// <summary>inference.GRPCInferenceService, asked by gRPC's own client for .NET: the answers are those of REST.</summary>
public sealed class InferTests(GrpcServer grpc, PreparedMiniLm texts) : IClassFixture<GrpcServer>
{
    private const float Tolerance = 1e-4f;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_server_and_its_models_describe_themselves()
    {
        Assert.True((await grpc.Client.ServerLiveAsync(new ServerLiveRequest(), cancellationToken: Cancel)).Live);
        Assert.True((await grpc.Client.ServerReadyAsync(new ServerReadyRequest(), cancellationToken: Cancel)).Ready);
        Assert.True((await grpc.Client.ModelReadyAsync(new ModelReadyRequest { Name = SmallClassifier.Name }, cancellationToken: Cancel)).Ready);
        Assert.False((await grpc.Client.ModelReadyAsync(new ModelReadyRequest { Name = "nobody" }, cancellationToken: Cancel)).Ready);
        Assert.False((await grpc.Client.ModelReadyAsync(new ModelReadyRequest { Name = SmallClassifier.Name, Version = "2" }, cancellationToken: Cancel)).Ready);
        Assert.Equal("ServeBench.OnnxServer", (await grpc.Client.ServerMetadataAsync(new ServerMetadataRequest(), cancellationToken: Cancel)).Name);
        var model = await grpc.Client.ModelMetadataAsync(new ModelMetadataRequest { Name = SmallClassifier.Name, Version = "1" }, cancellationToken: Cancel);
        Assert.Equal(["1"], model.Versions);
        Assert.Equal(["pixels FP32 -1,3,48,48", "encoded BYTES -1,1"], model.Inputs.Select(Described));
        Assert.Equal(["logits FP32 -1,40"], model.Outputs.Select(Described));
    }

    [Fact]
    public async Task Pixels_in_raw_contents_get_their_logits()
    {
        var (one, two) = (SmallClassifier.Pixels("420.jpg"), SmallClassifier.Pixels("rgb.png"));
        var request = Request(SmallClassifier.Name, "pixels", "FP32", [2, 3, 48, 48]);
        request.Id = "seven";
        request.RawInputContents.Add(ByteString.CopyFrom([.. MemoryMarshal.AsBytes<float>(one), .. MemoryMarshal.AsBytes<float>(two)]));
        var answer = await grpc.Client.ModelInferAsync(request, cancellationToken: Cancel);
        Assert.Equal((SmallClassifier.Name, "1", "seven"), (answer.ModelName, answer.ModelVersion, answer.Id));
        Assert.Equal(("logits", "FP32"), (answer.Outputs.Single().Name, answer.Outputs.Single().Datatype));
        Assert.Equal([2, 40], answer.Outputs.Single().Shape);
        AssertSame([.. grpc.Images.Run(one), .. grpc.Images.Run(two)], Singles(answer));
    }

    /// <summary>They would overflow in the network; whoever sent them is told so, in either place.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e20f)]
    [InlineData(2e6f)]
    public async Task Pixels_that_no_image_has_are_refused(float wrong)
    {
        var pixels = SmallClassifier.Pixels("420.jpg");
        pixels[^1] = wrong;
        var raw = Request(SmallClassifier.Name, "pixels", "FP32", [1, 3, 48, 48]);
        raw.RawInputContents.Add(ByteString.CopyFrom([.. MemoryMarshal.AsBytes<float>(pixels)]));
        var typed = Request(SmallClassifier.Name, "pixels", "FP32", [1, 3, 48, 48]);
        typed.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { pixels } };
        foreach (var request in new[] { raw, typed })
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await grpc.Client.ModelInferAsync(request, cancellationToken: Cancel));
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
            Assert.Contains("row 0 of 'pixels'", refused.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pixels_in_typed_contents_get_the_same()
    {
        var pixels = SmallClassifier.Pixels("420.jpg");
        var request = Request(SmallClassifier.Name, "pixels", "FP32", [1, 3, 48, 48]);
        request.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { pixels } };
        AssertSame(grpc.Images.Run(pixels), Singles(await grpc.Client.ModelInferAsync(request, cancellationToken: Cancel)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Files_get_what_their_pixels_get(bool isRaw)
    {
        var file = RecordedImages.Read("420.jpg");
        var request = Request(SmallClassifier.Name, "encoded", "BYTES", [1]);
        if (isRaw) request.RawInputContents.Add(ByteString.CopyFrom([.. BitConverter.GetBytes(file.Length), .. file]));
        else request.Inputs[0].Contents = new InferTensorContents { BytesContents = { ByteString.CopyFrom(file) } };
        AssertSame(grpc.Images.Run("420.jpg"), Singles(await grpc.Client.ModelInferAsync(request, cancellationToken: Cancel)));
    }

    [Fact]
    public async Task Texts_and_tokens_get_their_embeddings()
    {
        var request = Request(PreparedMiniLm.Name, "text", "BYTES", [2]);
        request.Inputs[0].Contents = new InferTensorContents { BytesContents = { ByteString.CopyFromUtf8("whale"), ByteString.CopyFromUtf8("a ship") } };
        var answer = await grpc.Client.ModelInferAsync(request, cancellationToken: Cancel);
        Assert.Equal([2, 384], answer.Outputs.Single().Shape);
        AssertSame([.. texts.Embed("whale"), .. texts.Embed("a ship")], Singles(answer));
        request = Request(PreparedMiniLm.Name, "input_ids", "INT64", [1, 3]);
        request.Inputs[0].Contents = new InferTensorContents { Int64Contents = { 101, 13156, 102 } };
        AssertSame(texts.Embed("whale"), Singles(await grpc.Client.ModelInferAsync(request, cancellationToken: Cancel)));
    }

    [Fact]
    public async Task What_is_wrong_has_a_status_and_is_said()
    {
        var nobody = Request("nobody", "pixels", "FP32", [1, 3, 48, 48]);
        await RefusedAsync(nobody, StatusCode.NotFound, "'nobody' does not exist");
        var other = Request(SmallClassifier.Name, "pixels", "FP32", [1, 3, 48, 48]);
        other.ModelVersion = "2";
        await RefusedAsync(other, StatusCode.NotFound, "version 2");
        await RefusedAsync(Request(SmallClassifier.Name, "pixels", "FP32", [1, 3, 48, 48]), StatusCode.InvalidArgument, "0 raw_input_contents for 1 inputs");
        var many = Request(SmallClassifier.Name, "pixels", "FP32", [1, 3, 48, 48]);
        many.RawInputContents.AddRange(Enumerable.Repeat(ByteString.CopyFrom(new byte[3 * 48 * 48 * sizeof(float)]), 3));
        await RefusedAsync(many, StatusCode.InvalidArgument, "3 raw_input_contents for 1 inputs");
        many.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { 1 } };
        await RefusedAsync(many, StatusCode.InvalidArgument, "not in both");
        var few = Request(SmallClassifier.Name, "pixels", "FP32", [1, 3, 48, 48]);
        few.RawInputContents.Add(ByteString.CopyFrom(new byte[16]));
        await RefusedAsync(few, StatusCode.InvalidArgument, "does not hold 6912 elements");
        var image = Request(SmallClassifier.Name, "encoded", "BYTES", [1]);
        image.Inputs[0].Contents = new InferTensorContents { BytesContents = { ByteString.CopyFromUtf8("größe %") } };
        await RefusedAsync(image, StatusCode.InvalidArgument, "The image is of no format that this server reads");
        var unknown = Request(SmallClassifier.Name, "größe", "FP32", [1]);
        await RefusedAsync(unknown, StatusCode.InvalidArgument, "must be one of pixels, encoded");
        var large = Request(SmallClassifier.Name, "pixels", "FP32", [100, 3, 48, 48]);
        large.RawInputContents.Add(ByteString.CopyFrom(new byte[100 * 3 * 48 * 48 * sizeof(float)]));
        await RefusedAsync(large, StatusCode.ResourceExhausted, "");
        var sequence = Request(SmallClassifier.Name, "encoded", "BYTES", [1]);
        sequence.Parameters["classification"] = new InferParameter { Int64Param = 3 };
        await RefusedAsync(sequence, StatusCode.InvalidArgument, "'classification' is not supported");
    }

    [Fact]
    public async Task A_stream_answers_each_message_and_goes_on_after_a_wrong_one()
    {
        using var call = grpc.Client.ModelStreamInfer(cancellationToken: Cancel);
        var (right, wrong) = (Image("420.jpg"), Request("nobody", "pixels", "FP32", [1]));
        var text = Request(PreparedMiniLm.Name, "text", "BYTES", [1]);
        text.Inputs[0].Contents = new InferTensorContents { BytesContents = { ByteString.CopyFromUtf8("whale") } };
        foreach (var request in new[] { right, wrong, text, Image("rgb.png") }) await call.RequestStream.WriteAsync(request, Cancel);
        var answers = new List<ModelStreamInferResponse>();
        while (answers.Count < 4 && await call.ResponseStream.MoveNext(Cancel)) answers.Add(call.ResponseStream.Current);
        AssertSame(grpc.Images.Run("420.jpg"), Singles(answers[0].InferResponse));
        Assert.Contains("'nobody' does not exist", answers[1].ErrorMessage);
        Assert.Null(answers[1].InferResponse);
        AssertSame(texts.Embed("whale"), Singles(answers[2].InferResponse));
        AssertSame(grpc.Images.Run("rgb.png"), Singles(answers[3].InferResponse));
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancel));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Calls_that_come_together_are_answered_and_counted()
    {
        var before = await CountAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (i, token) =>
        {
            var name = i % 2 == 0 ? "420.jpg" : "rgb.png";
            AssertSame(grpc.Images.Run(name), Singles(await grpc.Client.ModelInferAsync(Image(name), cancellationToken: token)));
        });
        Assert.Equal(before + 100, await CountAsync());
    }

    private async Task<int> CountAsync() => (await grpc.Server.Client.GetStringAsync("/metrics", Cancel)).Split('\n')
        .Where(l => l.StartsWith("servebench_requests_total{protocol=\"open-inference-grpc\",outcome=\"success\"}", StringComparison.Ordinal)).Sum(l => int.Parse(l.Split(' ')[1]));

    private async Task RefusedAsync(ModelInferRequest request, StatusCode status, string message)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await grpc.Client.ModelInferAsync(request, cancellationToken: Cancel));
        Assert.Equal(status, refused.StatusCode);
        Assert.Contains(message, refused.Status.Detail);
    }

    private static ModelInferRequest Image(string name)
    {
        var request = Request(SmallClassifier.Name, "encoded", "BYTES", [1, 1]);
        request.Inputs[0].Contents = new InferTensorContents { BytesContents = { ByteString.CopyFrom(RecordedImages.Read(name)) } };
        return request;
    }

    private static ModelInferRequest Request(string model, string input, string type, long[] shape) => new()
    {
        ModelName = model,
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = input, Datatype = type, Shape = { shape } } },
    };

    private static string Described(ModelMetadataResponse.Types.TensorMetadata tensor) => $"{tensor.Name} {tensor.Datatype} {string.Join(',', tensor.Shape)}";

    private static float[] Singles(ModelInferResponse answer) => MemoryMarshal.Cast<byte, float>(answer.RawOutputContents.Single().Span).ToArray();

    private static void AssertSame(float[] due, float[] given)
    {
        Assert.Equal(due.Length, given.Length);
        Assert.All(due.Zip(given), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
