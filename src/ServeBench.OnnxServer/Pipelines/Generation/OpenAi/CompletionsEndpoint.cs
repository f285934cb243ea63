using ServeBench.OnnxServer.Pipelines.Generation.Answering;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation.OpenAi;

/// <summary>POST /v1/completions.</summary>
internal sealed class CompletionsEndpoint(
    InferenceServices services, ModelTable<GenerationModel> models, RequestPool<GenerationRequest> pool)
    : OpenAiGenerationEndpoint(services, models, pool)
{
    public const string Path = "/v1/completions";

    protected override int? UsualTokens => OpenAiSampling.UsualTokens;

    protected override string PromptName => "prompt";

    protected override ApiError? AddPrompts(JsonMembers body, PromptIntake intake) =>
        intake.Add(body.Find(PromptName), Services.Options.MaxItems);

    protected override GenerationFormat Format(GenerationModel model, long created, bool includesUsage) =>
        new CompletionFormat(model, created, includesUsage);
}
