using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Inference;
using ServeBench.OnnxServer.Tests.Images;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Grpc;

/// <summary>What all calls have in common: health, reflection, deadlines, clients that leave, calls that are none.</summary>
[Lane("slow")]
public sealed class CallTests(GrpcServer grpc, PreparedMiniLm texts) : IClassFixture<GrpcServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_is_of_the_server_and_of_its_services()
    {
        var health = new Health.HealthClient(grpc.Channel);
        foreach (var service in new[] { "", "inference.GRPCInferenceService" })
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Cancel)).Status);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await health.CheckAsync(new HealthCheckRequest { Service = "nobody" }, cancellationToken: Cancel));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Who_watches_hears_when_the_server_is_about_to_end()
    {
        await using var server = await RunningServer.StartAsync(texts.Folder, "--grpc-port=0", "--drain-time=0s");
        using var channel = GrpcChannel.ForAddress(server.GrpcAddress);
        using var call = new Health.HealthClient(channel).Watch(new HealthCheckRequest(), cancellationToken: Cancel);
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, call.ResponseStream.Current.Status);
        var stopping = server.StopAsync();
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, call.ResponseStream.Current.Status);
        await stopping.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
    }

    [Fact]
    public async Task Reflection_hands_out_the_proto_files_as_their_compiler_describes_them()
    {
        using var call = new ServerReflection.ServerReflectionClient(grpc.Channel).ServerReflectionInfo(cancellationToken: Cancel);
        var services = (await AskAsync(new ServerReflectionRequest { ListServices = "" })).ListServicesResponse.Service.Select(s => s.Name);
        Assert.Equal(["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "inference.GRPCInferenceService"], services.Order());
        FileDescriptor[] files = [GrpcPredictV2Reflection.Descriptor, HealthReflection.Descriptor, ReflectionReflection.Descriptor, global::Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor];
        foreach (var file in files)
        {
            var due = file.ToProto();
            Assert.Equal(due, Read(await AskAsync(new ServerReflectionRequest { FileByFilename = file.Name })));
            var service = file.Services.Single();
            foreach (var symbol in new[] { service.FullName, service.Methods[0].FullName, file.MessageTypes[0].FullName })
                Assert.Equal(due, Read(await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol })));
        }
        Assert.Equal((int)StatusCode.NotFound, (await AskAsync(new ServerReflectionRequest { FileContainingSymbol = "inference.Nothing" })).ErrorResponse.ErrorCode);

        FileDescriptorProto Read(ServerReflectionResponse answer)
        {
            var file = FileDescriptorProto.Parser.ParseFrom(answer.FileDescriptorResponse.FileDescriptorProto.Single());
            // The compiler writes names for JSON into a set of descriptions, and not into code.
            var open = new Stack<DescriptorProto>(file.MessageType);
            while (open.TryPop(out var message))
            {
                foreach (var field in message.Field) field.ClearJsonName();
                foreach (var nested in message.NestedType) open.Push(nested);
            }
            return file;
        }

        async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
        {
            await call.RequestStream.WriteAsync(request, Cancel);
            Assert.True(await call.ResponseStream.MoveNext(Cancel));
            Assert.Equal(request, call.ResponseStream.Current.OriginalRequest);
            return call.ResponseStream.Current;
        }
    }

    [Fact]
    public async Task A_deadline_that_passes_and_a_client_that_leaves_cost_no_execution()
    {
        await using var server = await GatedServer.StartAsync(texts, "--grpc-port=0");
        using var channel = GrpcChannel.ForAddress(server.Server.GrpcAddress);
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        server.Occupy();
        using var leaving = new CancellationTokenSource();
        var left = client.ModelInferAsync(Text("whale"), cancellationToken: leaving.Token).ResponseAsync;
        await server.WaitForWaitingAsync(1);
        await leaving.CancelAsync();
        await server.WaitForWaitingAsync(0);
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => left)).StatusCode);

        // The client's own clock is not the server's: what the server is told is what counts here.
        var late = client.ModelInferAsync(Text("whale"), new Metadata { { "x-request-timeout", "1s" } }, cancellationToken: Cancel).ResponseAsync;
        await server.WaitForWaitingAsync(1);
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        server.Runner.Gate.Set();
        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => late)).StatusCode);
        Assert.Equal(1, await server.CountAsync("expired"));
    }

    [Theory]
    [InlineData("ModelInfer", new byte[0], "3")]
    [InlineData("ModelInfer", new byte[] { 0, 0, 0, 0, 9, 1 }, "3")]
    [InlineData("ModelInfer", new byte[] { 1, 0, 0, 0, 0 }, "12")]
    [InlineData("ModelInfer", new byte[] { 0, 0, 0, 0, 3, 10, 9, 65 }, "3")]
    [InlineData("ModelInfer", new byte[] { 0, 0, 0, 0, 2, 7, 7 }, "3")]
    [InlineData("ModelMetadata", new byte[] { 0, 0, 0, 0, 2, 8, 1 }, "3")]
    [InlineData("ModelInfer", new byte[] { 0, 0, 0, 0, 12, 10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1 }, "3")] // a length of eleven bytes
    [InlineData("ModelInfer", new byte[] { 0, 0, 0, 0, 11, 42, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1 }, "3")] // a length of -1
    [InlineData("ModelInfer", new byte[] { 0, 0, 0, 0, 6, 42, 0xFF, 0xFF, 0xFF, 0xFF, 7 }, "3")] // a length of 2^31 - 1
    [InlineData("ModelInfer", new byte[] { 0, 0, 0, 0, 2, 43, 44 }, "3")] // a group
    [InlineData("ModelInfer", new byte[] { 0, 0, 0, 0, 2, 0, 0 }, "3")] // field 0
    [InlineData("ModelInfer", new byte[] { 0, 0, 0, 0, 6, 0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 1 }, "3")] // field 2^32 - 1
    [InlineData("ModelStreamInfer", new byte[] { 1, 0, 0, 0, 0 }, "12")]
    [InlineData("ModelStreamInfer", new byte[] { 0, 255, 255, 255, 255 }, "8")]
    [InlineData("ModelStreamInfer", new byte[] { 0, 0, 0, 0, 9, 1 }, "3")]
    [InlineData("RepositoryIndex", new byte[] { 0, 0, 0, 0, 0 }, "12")]
    public async Task A_call_that_is_none_ends_with_a_status(string method, byte[] body, string status)
    {
        using var client = new RawCalls(grpc.Server.GrpcAddress);
        using var content = new ByteArrayContent(body);
        Assert.Equal(status, (await client.CallAsync(method, content)).Status);
    }

    /// <summary>Messages within messages are read as far as they mean something, and not by a call for each.</summary>
    [Fact]
    public async Task A_message_that_is_nested_deeply_ends_with_a_status()
    {
        byte[] message = [];
        for (var level = 0; level < 2000; level++)
        {
            var inner = new MemoryStream();
            using (var output = new CodedOutputStream(inner, leaveOpen: true))
            {
                output.WriteTag(5, WireFormat.WireType.LengthDelimited);
                output.WriteLength(message.Length);
            }
            message = [.. inner.ToArray(), .. message];
        }
        using var client = new RawCalls(grpc.Server.GrpcAddress);
        byte[] named = [.. new ModelInferRequest { ModelName = PreparedMiniLm.Name }.ToByteArray(), .. message];
        Assert.Equal("3", (await client.CallAsync("ModelInfer", RawCalls.Message(named))).Status);
    }

    [Theory]
    [InlineData("99999999H", null, "0")]
    [InlineData("99999999H", "1h", "0")]
    [InlineData("0n", null, "4")]
    [InlineData("0n", "1h", "4")]
    [InlineData("1H", "1ms1", "3")]
    [InlineData("1H", "2h", "3")]
    [InlineData("1", null, "3")]
    public async Task Deadlines_of_any_length_are_understood(string ofCall, string? own, string status)
    {
        using var client = new RawCalls(grpc.Server.GrpcAddress);
        (string, string)[] headers = own is null ? [("grpc-timeout", ofCall)] : [("grpc-timeout", ofCall), ("x-request-timeout", own)];
        Assert.Equal(status, (await client.CallAsync("ModelInfer", RawCalls.Message(Text("whale").ToByteArray()), headers)).Status);
    }

    [Fact]
    public async Task A_parameter_of_the_longest_timeout_is_one_too()
    {
        var request = Text("whale");
        request.Parameters["timeout"] = new InferParameter { Int64Param = long.MaxValue };
        Assert.Single((await new GRPCInferenceService.GRPCInferenceServiceClient(grpc.Channel).ModelInferAsync(request, cancellationToken: Cancel)).Outputs);
        request.Parameters["timeout"] = new InferParameter { Uint64Param = ulong.MaxValue };
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(async () => await new GRPCInferenceService.GRPCInferenceServiceClient(grpc.Channel).ModelInferAsync(request, cancellationToken: Cancel))).StatusCode);
        var (status, _) = await grpc.Server.PostAsync($"/v2/models/{PreparedMiniLm.Name}/infer", $$"""{"parameters":{"timeout":{{long.MaxValue}}},"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["whale"]}]}""");
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task What_is_said_of_an_error_is_no_longer_than_a_head_may_be()
    {
        var request = Text("whale");
        request.ModelName = string.Concat(Enumerable.Repeat("größe ", 20_000));
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new GRPCInferenceService.GRPCInferenceServiceClient(grpc.Channel).ModelInferAsync(request, cancellationToken: Cancel));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.StartsWith("The model 'größe größe", refused.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("\uFFFD", refused.Status.Detail, StringComparison.Ordinal);
        using var client = new RawCalls(grpc.Server.GrpcAddress);
        Assert.InRange((await client.CallAsync("ModelInfer", RawCalls.Message(request.ToByteArray()))).Message.Length, 1000, 1024);
    }

    [Fact]
    public async Task Metadata_that_is_too_long_is_refused_and_the_server_stays()
    {
        using var client = new RawCalls(grpc.Server.GrpcAddress);
        using var content = RawCalls.Message(Text("whale").ToByteArray());
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () => await client.CallAsync("ModelInfer", content, [("x-long", new string('a', 100_000))]));
        Assert.Equal("0", (await client.CallAsync("ModelInfer", RawCalls.Message(Text("whale").ToByteArray()))).Status);
    }

    [Fact]
    public async Task A_message_of_a_stream_has_the_deadline_of_the_request()
    {
        await using var server = await GatedServer.StartAsync(texts, "--grpc-port=0");
        using var channel = GrpcChannel.ForAddress(server.Server.GrpcAddress);
        server.Occupy();
        using var call = new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelStreamInfer(new Metadata { { "x-request-timeout", "1s" } }, cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(Text("whale"), Cancel);
        await server.WaitForWaitingAsync(1);
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        server.Runner.Gate.Set();
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        Assert.Contains("deadline", call.ResponseStream.Current.ErrorMessage);
        Assert.Equal(1, await server.CountAsync("expired"));
    }

    /// <summary>What was taken is answered; then streams end, so that the server can, and nobody begins another.</summary>
    [Fact]
    public async Task Streams_end_when_the_server_does_and_new_ones_are_refused()
    {
        await using var server = await GatedServer.StartAsync(texts, "--grpc-port=0", "--stop-time=60s");
        using var channel = GrpcChannel.ForAddress(server.Server.GrpcAddress);
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        var reflection = new ServerReflection.ServerReflectionClient(channel);
        using var stream = client.ModelStreamInfer(cancellationToken: Cancel);
        using var idle = client.ModelStreamInfer(cancellationToken: Cancel);
        using var asking = reflection.ServerReflectionInfo(cancellationToken: Cancel);
        await Task.WhenAll(stream.ResponseHeadersAsync, idle.ResponseHeadersAsync, asking.ResponseHeadersAsync);
        server.Occupy();
        await stream.RequestStream.WriteAsync(Text("whale"), Cancel);
        await server.WaitForWaitingAsync(1);
        var stopping = server.Server.StopAsync();
        await UnavailableAsync(idle.ResponseStream);
        await UnavailableAsync(asking.ResponseStream);
        using var late = client.ModelStreamInfer(cancellationToken: Cancel);
        await UnavailableAsync(late.ResponseStream);
        using var lateAsking = reflection.ServerReflectionInfo(cancellationToken: Cancel);
        await UnavailableAsync(lateAsking.ResponseStream);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(async () => await client.ModelInferAsync(Text("whale"), cancellationToken: Cancel))).StatusCode);
        server.Runner.Gate.Set();
        Assert.True(await stream.ResponseStream.MoveNext(Cancel));
        Assert.NotNull(stream.ResponseStream.Current.InferResponse);
        await UnavailableAsync(stream.ResponseStream);
        // Far sooner than the stop time, after which connections are cut.
        await stopping.WaitAsync(TimeSpan.FromSeconds(20), Cancel);

        static async Task UnavailableAsync<T>(IAsyncStreamReader<T> answers)
        {
            var refused = await Assert.ThrowsAsync<RpcException>(() => answers.MoveNext(Cancel));
            Assert.True(refused.StatusCode == StatusCode.Unavailable, refused.Status.ToString());
            Assert.Contains("The server is stopping", refused.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_of_it_is_answered_where_it_is_not_asked_for()
    {
        await using var server = await RunningServer.StartAsync(texts.Folder);
        Assert.DoesNotContain(server.Routes, r => r.Contains("GRPC", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(server.Client.BaseAddress, server.GrpcAddress);
    }

    [Fact]
    public async Task Both_ports_answer_both()
    {
        using var channel = GrpcChannel.ForAddress(grpc.Server.Client.BaseAddress!);
        Assert.NotEqual(grpc.Server.Client.BaseAddress, grpc.Server.GrpcAddress);
        Assert.True((await new GRPCInferenceService.GRPCInferenceServiceClient(channel).ServerLiveAsync(new ServerLiveRequest(), cancellationToken: Cancel)).Live);
        using var client = new HttpClient { BaseAddress = grpc.Server.GrpcAddress };
        using var content = new ByteArrayContent(RecordedImages.Read("420.jpg")) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
        using var response = await client.PostAsync($"/v1/classify?model={SmallClassifier.Name}", content, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static ModelInferRequest Text(string text) => new()
    {
        ModelName = PreparedMiniLm.Name,
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "text", Datatype = "BYTES", Shape = { 1 }, Contents = new InferTensorContents { BytesContents = { ByteString.CopyFromUtf8(text) } } } },
    };
}
