using System.Text.Json;
using ServeBench.OnnxServer.Pipelines.Generation.Answering;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation.Tgi;

/// <summary>
/// POST /generate and /generate_stream as Text Generation Inference answers them. The interface knows of one model only: the first of
/// those that are served. Texts are not drawn unless that is asked for.
/// </summary>
/// <param name="streams">Whether tokens are sent as they come.</param>
internal sealed class TgiEndpoint(
    InferenceServices services, ModelTable<GenerationModel> models, RequestPool<GenerationRequest> pool, bool streams)
    : GenerationEndpoint(services, models, pool)
{
    public const string ProtocolName = "tgi";
    public const string WholePath = "/generate";
    public const string StreamPath = "/generate_stream";

    private const string Inputs = "inputs";

    protected override string Protocol => ProtocolName;

    protected override ServedModel? ModelOf(HttpContext context) => Models.All[0];

    protected override Task WriteErrorAsync(HttpContext context, ApiError error) => TgiErrors.WriteAsync(context, error);

    protected override GenerationAsked Read(JsonMembers body, GenerationRequest into, out ApiError? error)
    {
        var model = Models.All[0];
        var parameters = body.Object("parameters");
        var settings = Settings(parameters);
        var format = new TgiFormat(model, parameters.Flag("details"), settings.Seed);
        body.Fault(parameters.Error);
        var text = body.Text(Inputs);
        if (string.IsNullOrEmpty(text)) body.Fault(new ApiError(ErrorKind.Empty, "inputs cannot be empty", Inputs));
        error = body.Error ?? new PromptIntake(model, into, settings, Services.Options.Truncate, Inputs).AddText(text!);
        return new GenerationAsked(model, format, streams);
    }

    private static GenerationSettings Settings(JsonMembers parameters)
    {
        static bool IsFalse(JsonElement value) => value.ValueKind == JsonValueKind.False;
        static bool IsOne(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.GetDouble() == 1;
        static bool IsZero(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.GetDouble() == 0;
        parameters.Refuse("return_full_text", IsFalse, "this server does not repeat prompts");
        parameters.Refuse("decoder_input_details", IsFalse, "this server does not describe prompts");
        parameters.Refuse("watermark", IsFalse, "this server does not mark texts");
        parameters.Refuse("best_of", IsOne, "this server gives one text");
        parameters.Refuse("repetition_penalty", IsOne, "this server does not penalise tokens");
        parameters.Refuse("frequency_penalty", IsZero, "this server does not penalise tokens");
        parameters.Refuse("typical_p", IsOne, "this server draws by temperature and top_p");
        parameters.Refuse("top_n_tokens", IsZero, "this server names the chosen token only");
        foreach (var name in new[] { "top_k", "grammar", "adapter_id", "truncate" })
            parameters.Refuse(name, _ => false, "this server does not know it");
        var temperature = parameters.Number("temperature", 1e-4, 100);
        var topP = parameters.Number("top_p", 0, 1);
        var draws = parameters.Flag("do_sample") || temperature is not null || topP is not null;
        return new GenerationSettings
        {
            MaxTokens = (int?)parameters.Integer("max_new_tokens", 1, 1 << 20),
            Temperature = draws ? temperature ?? 1 : 0,
            TopP = topP ?? 1,
            Seed = parameters.Integer("seed", 0, long.MaxValue),
            Stops = parameters.Texts("stop", GenerationSettings.MostStops, GenerationSettings.LongestStop),
            KeepsStop = true,
            IgnoresEnd = parameters.Flag("ignore_eos"),
            WantsLogprobs = true,
        };
    }
}
