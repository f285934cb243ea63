using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Inference;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Generation;

/// <summary>Texts over gRPC, asked by gRPC's own client for .NET.</summary>
public sealed class GrpcGenerationTests(TinyGenerator model) : IClassFixture<TinyGenerator>
{
    private const string Prompt = "Where is the whale";
    private const string Six = """{"max_tokens":6,"ignore_eos":true}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Expected => model.Tokenizer.Decode([.. FakeSlots.Continue(model.Tokens(Prompt), 6)]);

    [Fact]
    public async Task A_call_is_answered_with_the_whole_text()
    {
        await using var server = await FakeServer.StartAsync(model, 2, "--grpc-port=0");
        using var channel = GrpcChannel.ForAddress(server.Server.GrpcAddress);
        var answer = await new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelInferAsync(Request("a", Prompt, Six), cancellationToken: Cancel);
        Assert.Equal(("a", Expected, true), Read(answer));
    }

    [Fact]
    public async Task A_stream_has_a_message_for_each_token_of_each_request()
    {
        await using var server = await FakeServer.StartAsync(model, 2, "--grpc-port=0");
        using var channel = GrpcChannel.ForAddress(server.Server.GrpcAddress);
        using var call = new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelStreamInfer(cancellationToken: Cancel);
        foreach (var id in new[] { "a", "b" }) await call.RequestStream.WriteAsync(Request(id, Prompt, Six), Cancel);
        await call.RequestStream.WriteAsync(Request("c", "", Six), Cancel);
        await call.RequestStream.CompleteAsync();
        var answers = new List<ModelStreamInferResponse>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync(Cancel)) answers.Add(answer);
        foreach (var id in new[] { "a", "b" })
        {
            var own = answers.Where(a => a.InferResponse?.Id == id).Select(a => Read(a.InferResponse)).ToArray();
            Assert.InRange(own.Length, 2, 6);
            Assert.Equal(Expected, string.Concat(own.Select(o => o.Text)));
            Assert.Equal([.. Enumerable.Repeat(false, own.Length - 1), true], own.Select(o => o.IsLast));
        }
        Assert.Contains("text_input", answers[^1].ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_frees_its_slot()
    {
        await using var server = await FakeServer.StartAsync(model, 1, "--grpc-port=0");
        server.Slots.OnCall = _ => Thread.Sleep(10);
        using var channel = GrpcChannel.ForAddress(server.Server.GrpcAddress);
        using var leaving = new CancellationTokenSource();
        using var call = new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelStreamInfer(cancellationToken: leaving.Token);
        await call.RequestStream.WriteAsync(Request("a", Prompt, """{"max_tokens":110,"ignore_eos":true}"""), Cancel);
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        await leaving.CancelAsync();
        await server.UntilAsync("servebench_sequences_cancelled_total", 1);
        await server.UntilAsync("servebench_sequences_running", 0);
    }

    [Theory]
    [InlineData("""{"max_tokens":0}""", "max_tokens")]
    [InlineData("""{"n":2}""", "n: ")]
    [InlineData("{", "JSON")]
    public async Task What_cannot_be_answered_is_refused(string sampling, string why)
    {
        await using var server = await FakeServer.StartAsync(model, 1, "--grpc-port=0");
        using var channel = GrpcChannel.ForAddress(server.Server.GrpcAddress);
        var refused = await Assert.ThrowsAsync<RpcException>(
            async () => await new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelInferAsync(Request("a", Prompt, sampling), cancellationToken: Cancel));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains(why, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_describes_itself()
    {
        await using var server = await FakeServer.StartAsync(model, 1, "--grpc-port=0");
        using var channel = GrpcChannel.ForAddress(server.Server.GrpcAddress);
        var described = await new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelMetadataAsync(new ModelMetadataRequest { Name = TinyGenerator.Name }, cancellationToken: Cancel);
        Assert.Equal(["text_input BYTES", "sampling_parameters BYTES", "stream BOOL"], described.Inputs.Select(i => $"{i.Name} {i.Datatype}"));
        Assert.Equal(["text_output BYTES"], described.Outputs.Select(i => $"{i.Name} {i.Datatype}"));
    }

    private static ModelInferRequest Request(string id, string text, string sampling)
    {
        var request = new ModelInferRequest { ModelName = TinyGenerator.Name, Id = id };
        foreach (var (name, value) in new[] { ("text_input", text), ("sampling_parameters", sampling) })
        {
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = name, Datatype = "BYTES", Shape = { 1 } });
            var bytes = Encoding.UTF8.GetBytes(value);
            var element = new byte[4 + bytes.Length];
            BinaryPrimitives.WriteInt32LittleEndian(element, bytes.Length);
            bytes.CopyTo(element, 4);
            request.RawInputContents.Add(ByteString.CopyFrom(element));
        }
        return request;
    }

    private static (string Id, string Text, bool IsLast) Read(ModelInferResponse answer)
    {
        var element = answer.RawOutputContents.Single().ToByteArray();
        Assert.Equal(element.Length - 4, BinaryPrimitives.ReadInt32LittleEndian(element));
        return (answer.Id, Encoding.UTF8.GetString(element.AsSpan(4)), answer.Parameters["triton_final_response"].BoolParam);
    }
}
