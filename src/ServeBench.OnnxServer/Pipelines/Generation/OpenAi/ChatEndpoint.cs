using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Pipelines.Generation.Answering;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation.OpenAi;

/// <summary>
/// POST /v1/chat/completions. The models have no template of their own for conversations; the prompt is a line <c>role: content</c> for
/// each message, and <c>assistant:</c> at the end.
/// </summary>
internal sealed class ChatEndpoint(
    InferenceServices services, ModelTable<GenerationModel> models, RequestPool<GenerationRequest> pool)
    : OpenAiGenerationEndpoint(services, models, pool)
{
    public const string Path = "/v1/chat/completions";

    protected override int? UsualTokens => null;

    protected override string PromptName => "messages";

    protected override ApiError? AddPrompts(JsonMembers body, PromptIntake intake)
    {
        if (body.Find(PromptName) is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
            return ApiError.Invalid("messages must be an array of at least one message", PromptName);
        var prompt = new StringBuilder();
        foreach (var item in messages.EnumerateArray())
        {
            var message = new JsonMembers(item, "a message");
            var role = message.Text("role");
            var content = Content(message);
            if (message.Error is not null) return message.Error with { Parameter = PromptName };
            if (string.IsNullOrEmpty(role) || content is null)
                return ApiError.Invalid(
                    "a message must have a role and a content: a string, or an array of parts of type text", PromptName);
            prompt.Append(role).Append(": ").Append(content).Append('\n');
        }
        return intake.AddText(prompt.Append("assistant:").ToString());
    }

    protected override GenerationFormat Format(GenerationModel model, long created, bool includesUsage) =>
        new ChatFormat(model, created, includesUsage);

    /// <returns>Null where it is neither a text nor parts of type text.</returns>
    private static string? Content(JsonMembers message)
    {
        if (message.Find("content") is not { } content) return null;
        if (content.ValueKind == JsonValueKind.String) return content.GetString();
        if (content.ValueKind != JsonValueKind.Array) return null;
        var text = new StringBuilder();
        foreach (var item in content.EnumerateArray())
        {
            var part = new JsonMembers(item, "a part");
            if (part.Error is not null || part.Text("type") != "text" || part.Text("text") is not { } piece) return null;
            text.Append(piece);
        }
        return text.ToString();
    }
}
