using ServeBench.OnnxServer.Pipelines.Generation.Answering;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Pipelines.Generation.OpenAi;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenAi;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation.Sockets;

/// <summary>
/// A WebSocket at which texts are asked for one after the other (docs/server.md): a request is one message, of the members of
/// POST /v1/completions; it is answered by a message for each token, then a last one with the end's reason and the numbers of tokens. A
/// client that closes the connection gives up what it asked for.
/// </summary>
internal sealed class SocketEndpoint(
    InferenceServices services, ModelTable<GenerationModel> models, RequestPool<GenerationRequest> pool)
    : GenerationEndpoint(services, models, pool)
{
    public const string ProtocolName = "websocket";
    public const string Path = "/v1/generate/ws";

    private const string Prompt = "prompt";

    protected override string Protocol => ProtocolName;

    /// <summary>Answers a connection.</summary>
    public async Task AcceptAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await WriteErrorAsync(context, ApiError.Invalid($"{Path} is a WebSocket: ask for it with Upgrade: websocket (RFC 6455)"));
            return;
        }
        if (!Services.Gate.TryEnter(isRequest: false))
        {
            await WriteErrorAsync(context, ApiError.Stopping);
            return;
        }
        try
        {
            await using var messages =
                new SocketMessages(
                    await context.WebSockets.AcceptWebSocketAsync(), Services.Options.MaxBody, Services.Options.ReadTimeout, Services.Gate);
            await AnswerAsync(context, messages);
        }
        finally
        {
            Services.Gate.Leave();
        }
    }

    protected override Task WriteErrorAsync(HttpContext context, ApiError error) => OpenAiErrors.WriteAsync(context, error);

    protected override GenerationAsked Read(JsonMembers body, GenerationRequest into, out ApiError? error)
    {
        var model = OpenAiSampling.ModelOf(body, Models);
        var settings = OpenAiSampling.Read(body, OpenAiSampling.UsualTokens);
        error = body.Error
            ?? (model!.Queue.IsFull ? ApiError.Overloaded : null)
            ?? new PromptIntake(model, into, settings, Services.Options.Truncate, Prompt).Add(body.Find(Prompt), maximumItems: 1);
        return new GenerationAsked(model!, null, Streams: true);
    }

    private async Task AnswerAsync(HttpContext context, SocketMessages messages)
    {
        while (await messages.NextAsync() is { } message)
        {
            var error = messages.Refuse(message) ?? await AnswerPartAsync(
                context, message, long.MaxValue, (ReadOnlySpan<byte> part, GenerationRequest into, out ApiError? wrong) =>
                    Parse(context, part, into, out wrong), (request, asked) => InferAsync(request, asked, messages), messages.Gone);
            if (error is not null) await messages.SendAsync(OpenAiErrors.Render(error));
        }
        await messages.CloseAsync();
    }

    private async ValueTask<ApiError?> InferAsync(GenerationRequest request, GenerationAsked asked, SocketMessages messages)
    {
        if (!asked.TryQueue(request)) return ApiError.Overloaded;
        using var departure = messages.Gone.UnsafeRegister(static state => ((GenerationRequest)state!).Withdraw(), request);
        var sink = new SocketSink(messages, request);
        var (error, isDone) = Executed(request, await TokenFlow.FollowAsync(request, sink));
        if (isDone) sink.AddEnd();
        await sink.FlushAsync();
        return error;
    }
}
