using ServeBench.Domain.Wording;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;
using ServeBench.Work.Texts;

namespace ServeBench.Work.Embedding;

/// <summary>Texts cut from a corpus at seeded positions, each with an exact number of tokens.</summary>
/// <param name="Corpus">Name of a file under k6/data.</param>
/// <param name="Lengths">Tokens per text, special tokens included, with the weight of each length.</param>
/// <param name="ItemsPerRequest">Texts in one request.</param>
/// <param name="Distinct">Number of different requests; the driver goes round them.</param>
public sealed record TextPayload(string Corpus, IReadOnlyList<TokenLength> Lengths, int ItemsPerRequest, int Distinct)
    : PayloadSpec(EmbeddingWork.PayloadKind)
{
    /// <summary>Two special tokens and one of a word.</summary>
    private const int LeastTokens = 3;

    public override int ItemsPerRequest { get; init; } = ItemsPerRequest;

    public override IReadOnlyList<string> Files => [Corpus];

    internal static TextPayload Read(YamlMapping payload)
    {
        var spec = new TextPayload(
            payload.Text("corpus"),
            TokenLengths.Read(payload.Mapping("lengths"), LeastTokens),
            payload.Integer("items-per-request", 1, 4096),
            payload.Integer("distinct", 1, 1 << 20));
        payload.Done();
        return spec;
    }

    internal string Described
    {
        get
        {
            var lengths = TokenLengths.Describe(Lengths) + (Lengths.Count == 1 ? " each" : "");
            return $"{Plural.Of(Distinct, "distinct request")} of {Plural.Of(ItemsPerRequest, "text")} ({lengths}) from {Corpus}";
        }
    }
}
