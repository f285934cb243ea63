using ServeBench.OnnxServer.Pipelines.Generation.Answering;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Pipelines.Generation.OpenAi;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.Grpc;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Protocols.OpenInference.Grpc;
using ServeBench.OnnxServer.Protocols.Protobuf;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation.OpenInference;

/// <summary>
/// Texts over gRPC, with the tensors of Triton's backends for language models: <c>text_input</c>, and <c>sampling_parameters</c> as a JSON
/// object of the members that OpenAI's interface has. ModelInfer answers with the whole text, ModelStreamInfer with a message for each
/// token; the last says so by the parameter <c>triton_final_response</c>.
/// </summary>
internal sealed class GrpcGeneration(
    InferenceServices services, ModelTable<GenerationModel> models, RequestPool<GenerationRequest> pool)
    : RequestEndpoint<GenerationRequest, GrpcAsked>(services, pool), IGrpcInference
{
    private static readonly InferContract Contract = new()
    {
        Inputs = [GenerationModel.Text.Name, GenerationModel.Sampling.Name, GenerationModel.Streams.Name],
        BytesInputs = [GenerationModel.Text.Name, GenerationModel.Sampling.Name],
        Types = [Tensors.Bytes, Tensors.Flag],
        Outputs = [GenerationModel.Output.Name],
        MostDimensions = 2,
    };

    protected override string Protocol => GrpcRoutes.ProtocolName;

    public bool Takes(ReadOnlySpan<char> model) => models.Find(model) is not null;

    public async Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> message, long latest)
    {
        var output = context.Response.BodyWriter;
        var error = await AnswerPartAsync(context, message, latest, Read, async (request, asked) =>
        {
            if (!asked.TryQueue(request)) return ApiError.Overloaded;
            using var departure = WithdrawAtDeparture(context, request);
            var sink = new GrpcSink(context, asked);
            var (failure, _) = Executed(request, await TokenFlow.FollowAsync(request, sink));
            return failure;
        }, context.RequestAborted);
        if (error is not null) GrpcMessages.Write(output, GrpcMessages.Render(m => m.Text(GrpcSink.ErrorMessage, error.Message)).Span);
        await output.FlushAsync(context.RequestAborted);
    }

    protected override ServedModel? ModelOf(HttpContext context) => models.Only;

    protected override Task WriteErrorAsync(HttpContext context, ApiError error) => GrpcErrors.WriteAsync(context, error);

    /// <summary>Of the call's own time and that of the header that all protocols know, the shorter.</summary>
    protected override ApiError? ReadTimeout(HttpRequest request, out TimeSpan? timeout)
    {
        var (wrong, error) = (base.ReadTimeout(request, out timeout), GrpcTimeout.Read(request, out var ofCall));
        if (ofCall < (timeout ?? TimeSpan.MaxValue)) timeout = ofCall;
        return wrong ?? error;
    }

    protected override GrpcAsked Parse(HttpContext context, ReadOnlySpan<byte> body, GenerationRequest into, out ApiError? error)
    {
        var message = GrpcWire.Unwrap(body, out error);
        return error is null ? Read(message, into, out error) : new GrpcAsked(models.Only!, null);
    }

    protected override async ValueTask<ApiError?> InferAsync(HttpContext context, GenerationRequest request, GrpcAsked asked)
    {
        var (error, isDone) = await ExecuteAsync(context, request, asked);
        if (isDone) await GrpcMessages.AnswerAsync(context, m => GrpcSink.Write(m, asked, request[0].Text, isLast: true));
        return error;
    }

    private GrpcAsked Read(ReadOnlySpan<byte> message, GenerationRequest into, out ApiError? error)
    {
        GenerationModel? model = null;
        var header = new InferHeader();
        try
        {
            var (name, version) = InferMessageReader.ModelOf(message);
            model = version is "" or Tensors.Version ? models.Find(name) : null;
            error = model is null
                ? ApiError.UnknownModel(version is "" ? name : $"{name} version {version}")
                : InferMessageReader.Read(message, Contract, header) ?? ReadInputs(model, header, message, into);
        }
        catch (ProtobufException e)
        {
            error = ApiError.Invalid($"The message is no ModelInferRequest: {e.Message}");
        }
        catch (Exception e) when (JsonFaults.Are(e))
        {
            error = JsonFaults.Explain(e);
        }
        return new GrpcAsked(model!, header.Id);
    }

    private ApiError? ReadInputs(GenerationModel model, InferHeader header, ReadOnlySpan<byte> message, GenerationRequest into)
    {
        var texts = new Dictionary<string, string>();
        foreach (var input in header.Inputs.Where(i => i.DataType == Tensors.Bytes))
        {
            if (input.Elements != 1) return ApiError.Invalid($"the input '{input.Name}' must have one element", input.Name);
            if (TensorData.ReadElements(input, message, new TextElement(input.Name, texts)) is { } error) return error;
        }
        if (!texts.TryGetValue(GenerationModel.Text.Name, out var text))
            return ApiError.Invalid($"inputs must hold {GenerationModel.Text.Name}", "inputs");
        var sampling = new JsonMembers(
            System.Text.Encoding.UTF8.GetBytes(texts.GetValueOrDefault(GenerationModel.Sampling.Name, "{}")));
        var settings = OpenAiSampling.Read(sampling, OpenAiSampling.UsualTokens);
        if (sampling.Error is not null) return sampling.Error;
        if (header.Timeout is { } limit)
            into.ExpiresAt = Math.Min(
                into.ExpiresAt, into.ReceivedAt + (long)(limit.TotalSeconds * Services.Time.TimestampFrequency));
        return new PromptIntake(model, into, settings, Services.Options.Truncate, GenerationModel.Text.Name).AddText(text);
    }
}
