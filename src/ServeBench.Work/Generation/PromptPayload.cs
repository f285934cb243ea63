using ServeBench.Domain.Wording;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;
using ServeBench.Work.Texts;

namespace ServeBench.Work.Generation;

/// <summary>Prompts cut from a corpus at seeded positions, each with an exact number of tokens, and how far they go on.</summary>
/// <param name="Corpus">Name of a file under k6/data.</param>
/// <param name="PromptTokens">Tokens of a prompt, the one that begins every prompt of some models included, with their weights.</param>
/// <param name="OutputTokens">Tokens that are asked for, with their weights.</param>
/// <param name="IgnoresEnd">Whether a server is to go on behind the token that ends a text, so that all do the same work.</param>
/// <param name="SharedPrefix">Tokens at the beginning that all prompts have in common; 0 for prompts that have nothing in common.</param>
/// <param name="Distinct">Number of different requests; the driver goes round them.</param>
public sealed record PromptPayload(
    string Corpus,
    IReadOnlyList<TokenLength> PromptTokens,
    IReadOnlyList<TokenLength> OutputTokens,
    bool IgnoresEnd,
    int SharedPrefix,
    int Distinct)
    : PayloadSpec(GenerationWork.PayloadKind)
{
    private const string PrefixKey = "shared-prefix";

    /// <summary>A request has one prompt: of several, protocols tell the streams of tokens apart in ways of their own.</summary>
    public override int ItemsPerRequest { get; init; } = 1;

    public override IReadOnlyList<string> Files => [Corpus];

    /// <summary>After how many requests in a row every pair of lengths has come as often as its weights say.</summary>
    internal int Mix => LengthSequence.RequestsOfMix(PromptTokens, OutputTokens);

    internal int LongestPrompt => PromptTokens.Max(l => l.Tokens);

    internal int LongestOutput => OutputTokens.Max(l => l.Tokens);

    internal string Described
    {
        get
        {
            var prefix = SharedPrefix > 0 ? $", of which the first {SharedPrefix} are the same in all" : "";
            var end = IgnoresEnd ? "exactly" : "at most";
            return $"{Plural.Of(Distinct, "distinct prompt")} of {TokenLengths.Describe(PromptTokens)}{prefix} from {Corpus}, "
                + $"each continued by {end} {TokenLengths.Describe(OutputTokens)}";
        }
    }

    internal static PromptPayload Read(YamlMapping payload)
    {
        var spec = new PromptPayload(
            payload.Text("corpus"),
            TokenLengths.Read(payload.Mapping("prompt-tokens"), 2),
            TokenLengths.Read(payload.Mapping("output-tokens"), 1),
            payload.Flag("ignore-eos", true),
            payload.Has(PrefixKey) ? payload.Integer(PrefixKey, 1, 1 << 20) : 0,
            payload.Integer("distinct", 1, 1 << 20));
        var shortest = spec.PromptTokens.Select(l => l.Tokens).DefaultIfEmpty(int.MaxValue).Min();
        if (spec.SharedPrefix >= shortest)
            payload.Fault(
                PrefixKey,
                $"a prompt of {shortest} tokens cannot begin with {spec.SharedPrefix} shared ones",
                "Give fewer, or longer prompts");
        payload.Done();
        return spec;
    }
}
