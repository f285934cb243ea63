using ServeBench.OnnxServer.Pipelines.Generation.Answering;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenAi;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation.OpenAi;

/// <summary>What both of OpenAI's interfaces have in common.</summary>
internal abstract class OpenAiGenerationEndpoint(
    InferenceServices services, ModelTable<GenerationModel> models, RequestPool<GenerationRequest> pool)
    : GenerationEndpoint(services, models, pool)
{
    protected sealed override string Protocol => OpenAiErrors.Protocol;

    /// <summary>Tokens that are generated where a request says nothing; null for as many as there is room for.</summary>
    protected abstract int? UsualTokens { get; }

    protected sealed override Task WriteErrorAsync(HttpContext context, ApiError error) => OpenAiErrors.WriteAsync(context, error);

    protected sealed override GenerationAsked Read(JsonMembers body, GenerationRequest into, out ApiError? error)
    {
        var model = OpenAiSampling.ModelOf(body, Models);
        var settings = OpenAiSampling.Read(body, UsualTokens);
        var streams = body.Flag("stream");
        var options = body.Object("stream_options");
        var includesUsage = options.Flag("include_usage");
        body.Fault(options.Error);
        error = body.Error
            ?? (model!.Queue.IsFull ? ApiError.Overloaded : null)
            ?? AddPrompts(body, new PromptIntake(model, into, settings, Services.Options.Truncate, PromptName));
        return error is null
            ? new GenerationAsked(model!, Format(model!, Services.Time.GetUtcNow().ToUnixTimeSeconds(), includesUsage), streams)
            : new GenerationAsked(model!, null, streams);
    }

    /// <summary>The member with the prompts.</summary>
    protected abstract string PromptName { get; }

    /// <returns>What is wrong; null when all is well.</returns>
    protected abstract ApiError? AddPrompts(JsonMembers body, PromptIntake intake);

    protected abstract GenerationFormat Format(GenerationModel model, long created, bool includesUsage);
}
