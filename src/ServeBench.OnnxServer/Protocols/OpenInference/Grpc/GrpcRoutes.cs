using System.Buffers;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Protocols.Grpc;
using ServeBench.OnnxServer.Protocols.Protobuf;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.OpenInference.Grpc;

/// <summary>
/// The service inference.GRPCInferenceService (Open Inference Protocol v2, with Triton's ModelStreamInfer), for all pipelines.
/// </summary>
internal sealed class GrpcRoutes(InferenceServices services, IReadOnlyList<IGrpcInference> pipelines, GrpcStream stream)
{
    /// <summary>The protocol's name in metrics.</summary>
    public const string ProtocolName = "open-inference-grpc";

    private const string Service = "/inference.GRPCInferenceService/";

    public void Map(RouteTable routes)
    {
        routes.Post(Service + "ServerLive", context => AnswerAsync(context, m => m.Flag(1, true)));
        routes.Post(Service + "ServerReady", context => AnswerAsync(context, m => m.Flag(1, !services.Gate.IsDraining)));
        routes.Post(Service + "ModelReady", ModelReadyAsync);
        routes.Post(Service + "ServerMetadata", context => AnswerAsync(context, WriteServer));
        routes.Post(Service + "ModelMetadata", ModelMetadataAsync);
        routes.Post(Service + "ModelInfer", InferAsync);
        routes.Post(Service + "ModelStreamInfer", StreamAsync);
    }

    private static async Task AnswerAsync(HttpContext context, Action<ProtobufWriter> write)
    {
        var body = await RequestBody.ReadAllAsync(context);
        context.Request.BodyReader.AdvanceTo(body.End);
        await GrpcMessages.AnswerAsync(context, write);
    }

    private static void WriteServer(ProtobufWriter message)
    {
        message.Text(1, "ServeBench.OnnxServer");
        message.Text(2, ProgramVersion.Text);
        message.Text(3, "streaming");
    }

    private async Task ModelReadyAsync(HttpContext context)
    {
        var (model, error) = await ReadModelAsync(context);
        // A model that is not there is not ready; only a call that cannot be read is an error.
        if (error is { Kind: not ErrorKind.UnknownModel }) await GrpcErrors.WriteAsync(context, error);
        else await GrpcMessages.AnswerAsync(context, m => m.Flag(1, model is not null && !services.Gate.IsDraining));
    }

    private async Task ModelMetadataAsync(HttpContext context)
    {
        var (model, error) = await ReadModelAsync(context);
        if (error is not null)
        {
            await GrpcErrors.WriteAsync(context, error);
            return;
        }
        await GrpcMessages.AnswerAsync(context, m =>
        {
            m.Text(1, model!.Name);
            m.Text(2, Tensors.Version);
            m.Text(3, Tensors.Platform);
            foreach (var input in model.Inputs) m.Message(4, t => WriteTensor(t, input));
            foreach (var output in model.Manifest.Outputs) m.Message(5, t => WriteTensor(t, output));
        });
    }

    private static void WriteTensor(ProtobufWriter message, ManifestTensor tensor)
    {
        message.Text(1, tensor.Name);
        message.Text(2, Tensors.TypeOf(tensor));
        message.Packed(3, Tensors.SizesOf(tensor).Select(size => (long)size));
    }

    private async Task InferAsync(HttpContext context)
    {
        // One pipeline reads the call itself; of several, the model's name says which.
        if (pipelines.Count == 1)
        {
            await pipelines[0].HandleAsync(context);
            return;
        }
        string? name = null;
        try
        {
            var body = await RequestBody.ReadAllAsync(context);
            name = NameIn(body);
            // Nothing is consumed: whoever answers reads the same bytes again.
            context.Request.BodyReader.AdvanceTo(body.Start);
        }
        catch (BadHttpRequestException e)
        {
            await GrpcErrors.WriteAsync(context, RequestBody.Explain(e));
            return;
        }
        await PipelineOf(name).HandleAsync(context);
    }

    private Task StreamAsync(HttpContext context) => stream.HandleAsync(
        context,
        async (message, latest) =>
        {
            await PipelineOf(NameIn(message)).AnswerAsync(context, message, latest);
            return null;
        });

    /// <summary>Whoever answers for a model; any of them says that there is no such model.</summary>
    private IGrpcInference PipelineOf(string? model) => pipelines.FirstOrDefault(p => p.Takes(model)) ?? pipelines[0];

    private static string? NameIn(in ReadOnlySequence<byte> body)
    {
        if (body.Length < GrpcWire.PrefixLength) return null;
        if (body.IsSingleSegment) return NameIn(body.FirstSpan[GrpcWire.PrefixLength..]);
        var whole = ArrayPool<byte>.Shared.Rent((int)body.Length);
        body.CopyTo(whole);
        var name = NameIn(whole.AsSpan(GrpcWire.PrefixLength, (int)body.Length - GrpcWire.PrefixLength));
        ArrayPool<byte>.Shared.Return(whole);
        return name;
    }

    private static string? NameIn(ReadOnlySpan<byte> message)
    {
        try
        {
            return InferMessageReader.ModelOf(message).Name;
        }
        catch (ProtobufException)
        {
            // Whoever reads the call says what is wrong with it.
            return null;
        }
    }

    private async ValueTask<(ServedModel? Model, ApiError? Error)> ReadModelAsync(HttpContext context)
    {
        try
        {
            var body = await RequestBody.ReadAllAsync(context);
            var bytes = body.ToArray();
            context.Request.BodyReader.AdvanceTo(body.End);
            var message = GrpcWire.Unwrap(bytes, out var error);
            if (error is not null) return (null, error);
            var (name, version) = InferMessageReader.ModelOf(message);
            var model = version is "" or Tensors.Version ? services.Models.Find(name) : null;
            return (model, model is null ? ApiError.UnknownModel(version is "" ? name : $"{name} version {version}") : null);
        }
        catch (ProtobufException e)
        {
            return (null, ApiError.Invalid($"The message cannot be read: {e.Message}"));
        }
        catch (BadHttpRequestException e)
        {
            return (null, RequestBody.Explain(e));
        }
    }
}
