using System.Text.Json;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation.OpenAi;

/// <summary>
/// What requests of both of OpenAI's interfaces say about how a text is continued. Where they say nothing, the most probable token is
/// taken. What this server does not do is refused where it would make another answer.
/// </summary>
internal static class OpenAiSampling
{
    /// <summary>Tokens that completions generate where the request says nothing of it: OpenAI's own default.</summary>
    public const int UsualTokens = 16;

    private const long MostTokens = 1 << 20;

    /// <param name="body">The request.</param>
    /// <param name="otherwise">Tokens that are generated where the request says nothing; null for as many as there is room for.</param>
    public static GenerationSettings Read(JsonMembers body, int? otherwise)
    {
        static bool IsZero(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.GetDouble() == 0;
        static bool IsOne(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.GetDouble() == 1;
        static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any();
        body.Refuse("n", IsOne, "this server gives one choice for each prompt; ask as often as you need");
        body.Refuse("best_of", IsOne, "this server gives one choice for each prompt");
        body.Refuse("echo", v => v.ValueKind == JsonValueKind.False, "this server does not repeat prompts");
        body.Refuse("suffix", v => v.ValueKind == JsonValueKind.String && v.ValueEquals(""), "this server does not insert");
        body.Refuse("logprobs", v => v.ValueKind == JsonValueKind.False, "this server does not give them here; /generate does");
        body.Refuse("presence_penalty", IsZero, "this server does not penalise tokens");
        body.Refuse("frequency_penalty", IsZero, "this server does not penalise tokens");
        body.Refuse("logit_bias", IsEmpty, "this server does not prefer tokens");
        var most = body.Integer("max_completion_tokens", 1, MostTokens) ?? body.Integer("max_tokens", 1, MostTokens);
        return new GenerationSettings
        {
            MaxTokens = (int?)most ?? otherwise,
            Temperature = body.Number("temperature", 0, 2) ?? 0,
            TopP = body.Number("top_p", 0, 1) ?? 1,
            Seed = body.Integer("seed", long.MinValue, long.MaxValue),
            Stops = body.Texts("stop", GenerationSettings.MostStops, GenerationSettings.LongestStop),
            IgnoresEnd = body.Flag("ignore_eos"),
        };
    }

    /// <summary>The model that a request names; null where that is a fault of the request, which is noted there.</summary>
    public static GenerationModel? ModelOf(JsonMembers body, ModelTable<GenerationModel> models)
    {
        var name = body.Text("model");
        var model = name is null ? models.Only : models.Find(name);
        if (model is null)
            body.Fault(name is null ? ApiError.Invalid("You must provide a model parameter", "model") : ApiError.UnknownModel(name));
        return model;
    }

    /// <summary>What an answer calls the end of a sequence.</summary>
    public static ReadOnlySpan<byte> WordOf(FinishReason reason) => reason switch
    {
        FinishReason.None => "null"u8,
        FinishReason.Length => "\"length\""u8,
        _ => "\"stop\""u8,
    };
}
