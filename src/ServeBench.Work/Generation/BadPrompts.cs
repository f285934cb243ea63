using System.Text.Json.Nodes;

namespace ServeBench.Work.Generation;

/// <summary>
/// What cannot be continued: nothing, more than the model has positions for, and no text at all. A prompt that is too long is often found
/// only when room for it is sought.
/// </summary>
internal static class BadPrompts
{
    /// <param name="good">A prompt that can be.</param>
    /// <param name="positions">The longest sequence of the model, in tokens.</param>
    /// <param name="outputTokens">Tokens that are asked for.</param>
    public static IReadOnlyList<BadItem> Beside(string good, int positions, int outputTokens)
    {
        BadItem Of(string shown, JsonValue bad) => new(
            shown,
            new SpoiledPromptRequest([bad], outputTokens),
            new SpoiledPromptRequest([JsonValue.Create(good), bad], outputTokens));
        return
        [
            // Every word is a token at least.
            Of("a prompt longer than the model's context", JsonValue.Create(string.Join(' ', Enumerable.Repeat("whale", positions + 1)))),
            Of("an empty prompt", JsonValue.Create("")),
            Of("a truth value in the place of a prompt", JsonValue.Create(true)),
        ];
    }
}

/// <summary>A request with something in it that is no prompt.</summary>
/// <param name="Entries">What is in the place of prompts; protocols have a place for one only.</param>
/// <param name="OutputTokens">The most tokens that are to be added.</param>
internal sealed record SpoiledPromptRequest(IReadOnlyList<JsonValue> Entries, int OutputTokens) : WorkRequest
{
    public override int Items => Entries.Count;

    public override string Identity => string.Join('\n', Entries.Select(e => e.ToJsonString()));

    public override int Size => Identity.Length;

    /// <summary>Copies each time: a node of JSON has one parent.</summary>
    public override IReadOnlyDictionary<string, JsonNode> Values
    {
        get
        {
            var values = new Dictionary<string, JsonNode>
            {
                [PromptRequest.OutputVariable] = JsonValue.Create(OutputTokens),
                [PromptRequest.IgnoreEndVariable] = JsonValue.Create(true),
            };
            if (Entries.Count == 1) values[PromptRequest.PromptVariable] = Entries[0].DeepClone();
            return values;
        }
    }
}
