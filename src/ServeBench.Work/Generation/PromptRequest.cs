using System.Text.Json.Nodes;

namespace ServeBench.Work.Generation;

/// <summary>A request for the continuation of one prompt.</summary>
/// <param name="Prompt">The text.</param>
/// <param name="OutputTokens">The most tokens that are to be added.</param>
/// <param name="IgnoresEnd">Whether exactly as many are to be added.</param>
public sealed record PromptRequest(string Prompt, int OutputTokens, bool IgnoresEnd) : WorkRequest
{
    public const string PromptVariable = "prompt";

    /// <summary>The most tokens that are to be added.</summary>
    public const string OutputVariable = "output-tokens";

    /// <summary>Whether to go on behind the token that ends a text.</summary>
    public const string IgnoreEndVariable = "ignore-eos";

    public override int Items => 1;

    public override string Identity => Prompt;

    public override int Size => Prompt.Length;

    public override IReadOnlyDictionary<string, JsonNode> Values => new Dictionary<string, JsonNode>
    {
        [PromptVariable] = JsonValue.Create(Prompt),
        [OutputVariable] = JsonValue.Create(OutputTokens),
        [IgnoreEndVariable] = JsonValue.Create(IgnoresEnd),
    };
}
