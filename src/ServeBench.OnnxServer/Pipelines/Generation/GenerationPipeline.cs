using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Metrics;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Pipelines.Generation.OpenAi;
using ServeBench.OnnxServer.Pipelines.Generation.OpenInference;
using ServeBench.OnnxServer.Pipelines.Generation.Sockets;
using ServeBench.OnnxServer.Pipelines.Generation.Tgi;
using ServeBench.OnnxServer.Protocols.OpenAi;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation;

/// <summary>Texts in, texts that continue them out, whole or token by token: over OpenAI's interfaces, that of Text Generation Inference,
/// a WebSocket, and the gRPC of the Open Inference Protocol.</summary>
internal sealed class GenerationPipeline : IPipeline
{
    public IReadOnlyList<string> Protocols { get; } = [OpenAiErrors.Protocol, TgiEndpoint.ProtocolName, SocketEndpoint.ProtocolName];

    public bool Takes(ModelManifest manifest) => GenerationManifest.IsOf(manifest);

    public ServedModel Load(ModelFolder folder, ServerOptions options, TimeProvider time, ILogger logger) =>
        GenerationModel.Load(folder, options, time, logger);

    public void Map(RouteTable routes, InferenceServices services)
    {
        var models = services.Models.Of<GenerationModel>();
        if (models.All.Count == 0) return;
        var pool = new RequestPool<GenerationRequest>();
        routes.Post(CompletionsEndpoint.Path, new CompletionsEndpoint(services, models, pool).HandleAsync);
        routes.Post(ChatEndpoint.Path, new ChatEndpoint(services, models, pool).HandleAsync);
        routes.Post(TgiEndpoint.WholePath, new TgiEndpoint(services, models, pool, streams: false).HandleAsync);
        routes.Post(TgiEndpoint.StreamPath, new TgiEndpoint(services, models, pool, streams: true).HandleAsync);
        routes.Get(SocketEndpoint.Path, new SocketEndpoint(services, models, pool).AcceptAsync);
    }

    public IGrpcInference? Grpc(InferenceServices services)
    {
        var models = services.Models.Of<GenerationModel>();
        return models.All.Count == 0 ? null : new GrpcGeneration(services, models, new RequestPool<GenerationRequest>());
    }

    public void AddMetrics(PrometheusText text, ModelTable<ServedModel> models)
    {
        var own = models.Of<GenerationModel>().All;
        if (own.Count == 0) return;
        void PerModel(string name, string type, string help, Func<GenerationModel, double> value)
        {
            text.Family(name, type, help);
            foreach (var model in own) text.Value(name, value(model), "model", model.Name);
        }
        void Distribution(string name, string help, Func<GenerationModel, Histogram> histogram)
        {
            text.Family(name, "histogram", help);
            foreach (var model in own) text.Histogram(name, histogram(model), "model", model.Name);
        }
        PerModel("servebench_prompt_tokens_total", "counter", "Tokens of prompts that were read.", m => m.Counts.PromptTokens);
        PerModel("servebench_prompt_parts_total", "counter", "Parts of prompts that were read.", m => m.Counts.Parts);
        PerModel("servebench_generated_tokens_total", "counter", "Tokens that were generated.", m => m.Counts.GeneratedTokens);
        PerModel(
            "servebench_sequences_cancelled_total",
            "counter",
            "Sequences given up because their client had left.",
            m => m.Counts.Cancelled);
        PerModel("servebench_sequences_running", "gauge", "Sequences that hold a slot.", m => m.Counts.Running);
        PerModel("servebench_sequences_waiting", "gauge", "Sequences that wait for a slot.", m => m.Queue.Count);
        PerModel("servebench_slots", "gauge", "Sequences that there is room for.", m => m.Slots);
        PerModel("servebench_cache_tokens", "gauge", "Tokens that are held in slots.", m => m.Counts.HeldTokens);
        PerModel(
            "servebench_cache_usage_ratio",
            "gauge",
            "Share of the slots' room that is in use.",
            m => m.Counts.HeldTokens / ((double)m.Slots * m.Capacity));
        Distribution("servebench_step_sequences", "Sequences in each step.", m => m.Counts.StepSequences);
        Distribution("servebench_step_seconds", "Time of each step.", m => m.Counts.StepSeconds);
        Distribution(
            "servebench_first_token_seconds", "Time from the arrival of a request to its first token.", m => m.Counts.FirstToken);
        Distribution("servebench_between_tokens_seconds", "Time between two tokens of a sequence.", m => m.Counts.BetweenTokens);
    }
}
