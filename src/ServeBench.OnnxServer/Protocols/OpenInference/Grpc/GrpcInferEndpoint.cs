using System.Buffers;
using System.IO.Pipelines;
using ServeBench.OnnxServer.Protocols.Grpc;
using ServeBench.OnnxServer.Protocols.Protobuf;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.OpenInference.Grpc;

/// <summary>Inference over gRPC, for the models of one pipeline.</summary>
/// <param name="services">What it works with.</param>
/// <param name="models">The models.</param>
/// <param name="pool">The pipeline's requests.</param>
/// <param name="reader">Reads the data of tensors.</param>
internal abstract class GrpcInferEndpoint<TModel, TRequest, T>(
    InferenceServices services, ModelTable<TModel> models, RequestPool<TRequest> pool, InferReader<TModel, TRequest> reader)
    : InferenceEndpoint<TRequest, T>(services, pool), IGrpcInference
    where TModel : ServedModel
    where TRequest : ScheduledRequest, new()
    where T : struct, IAnswer<TRequest>
{
    /// <summary>Fields of ModelStreamInferResponse.</summary>
    private const int ErrorMessage = 1;
    private const int InferResponse = 2;

    protected sealed override string Protocol => GrpcRoutes.ProtocolName;

    public bool Takes(ReadOnlySpan<char> model) => models.Find(model) is not null;

    public async Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> message, long latest)
    {
        var output = context.Response.BodyWriter;
        var error = await AnswerPartAsync(context, message, latest, ReadMessage, async (request, answer) =>
        {
            var (error, isDone) = await ExecuteAsync(context, request, answer);
            if (isDone) Write(output, request, answer);
            return error;
        }, context.RequestAborted);
        if (error is not null) GrpcMessages.Write(output, GrpcMessages.Render(m => m.Text(ErrorMessage, error.Message)).Span);
        await output.FlushAsync(context.RequestAborted);
    }

    protected sealed override ServedModel? ModelOf(HttpContext context) => models.Only;

    protected sealed override T Parse(HttpContext context, ReadOnlySpan<byte> body, TRequest into, out ApiError? error)
    {
        var message = GrpcWire.Unwrap(body, out error);
        return error is null ? ReadMessage(message, into, out error) : Unread(models.Only);
    }

    /// <summary>How a request is answered that was read.</summary>
    protected abstract T Answer(TModel model, InferHeader header, TRequest request);

    /// <summary>What stands for the answer of a request that has none; it names the model.</summary>
    protected abstract T Unread(TModel? model);

    protected sealed override Task WriteErrorAsync(HttpContext context, ApiError error) => GrpcErrors.WriteAsync(context, error);

    /// <summary>Of the call's own time and that of the header that all protocols know, the shorter.</summary>
    protected sealed override ApiError? ReadTimeout(HttpRequest request, out TimeSpan? timeout)
    {
        var (wrong, error) = (base.ReadTimeout(request, out timeout), GrpcTimeout.Read(request, out var ofCall));
        if (ofCall < (timeout ?? TimeSpan.MaxValue)) timeout = ofCall;
        return wrong ?? error;
    }

    private T ReadMessage(ReadOnlySpan<byte> message, TRequest into, out ApiError? error)
    {
        TModel? model = null;
        var header = new InferHeader();
        try
        {
            var (name, version) = InferMessageReader.ModelOf(message);
            model = version is "" or Tensors.Version ? models.Find(name) : null;
            error = model is null
                ? ApiError.UnknownModel(version is "" ? name : $"{name} version {version}")
                : InferMessageReader.Read(message, reader.ContractOf(model), header) ?? reader.ReadItems(model, header, message, into);
        }
        catch (ProtobufException e)
        {
            error = ApiError.Invalid($"The message is no ModelInferRequest: {e.Message}");
        }
        catch (Exception e) when (JsonFaults.Are(e))
        {
            error = JsonFaults.Explain(e);
        }
        return error is null ? Answer(model!, header, into) : Unread(model);
    }

    /// <summary>Writes an answer as the field of a larger message.</summary>
    private static void Write(PipeWriter output, TRequest request, T answer)
    {
        var most = answer.HeadRoom + ((long)request.Count * answer.ItemRoom) + answer.TailRoom;
        var buffer = ArrayPool<byte>.Shared.Rent(checked((int)most));
        var length = answer.WriteHead(request, buffer);
        for (var i = 0; i < request.Count; i++) length += answer.WriteItem(request, i, buffer.AsSpan(length));
        length += answer.WriteTail(request, buffer.AsSpan(length));
        var message = buffer.AsSpan(GrpcWire.PrefixLength, length - GrpcWire.PrefixLength);
        var field = new ProtobufWriter();
        field.BeginBytes(InferResponse, message.Length);
        var prefix = output.GetSpan(GrpcWire.PrefixLength);
        GrpcWire.WritePrefix(prefix, field.Written.Length + message.Length);
        output.Advance(GrpcWire.PrefixLength);
        output.Write(field.Written.Span);
        output.Write(message);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
