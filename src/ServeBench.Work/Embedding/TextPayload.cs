using ServeBench.Domain.Wording;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;

namespace ServeBench.Work.Embedding;

/// <summary>Texts cut from a corpus at seeded positions, each with an exact number of tokens.</summary>
/// <param name="Corpus">Name of a file under k6/data.</param>
/// <param name="Lengths">Tokens per text, special tokens included, with the weight of each length.</param>
/// <param name="ItemsPerRequest">Texts in one request.</param>
/// <param name="Distinct">Number of different requests; the driver goes round them.</param>
public sealed record TextPayload(string Corpus, IReadOnlyList<TokenLength> Lengths, int ItemsPerRequest, int Distinct)
    : PayloadSpec(EmbeddingWork.PayloadKind)
{
    public override int ItemsPerRequest { get; init; } = ItemsPerRequest;

    public override IReadOnlyList<string> Files => [Corpus];

    internal static TextPayload Read(YamlMapping payload)
    {
        var spec = new TextPayload(
            payload.Text("corpus"),
            TokenLengths(payload.Mapping("lengths")),
            payload.Integer("items-per-request", 1, 4096),
            payload.Integer("distinct", 1, 1 << 20));
        payload.Done();
        return spec;
    }

    internal string Described
    {
        get
        {
            var total = Lengths.Sum(l => l.Weight);
            var lengths = Lengths.Count == 1
                ? $"{Plural.Of(Lengths[0].Tokens, "token")} each"
                : string.Join(", ", Lengths.Select(l => $"{100.0 * l.Weight / total:0} % {l.Tokens}")) + " tokens";
            return $"{Plural.Of(Distinct, "distinct request")} of {Plural.Of(ItemsPerRequest, "text")} ({lengths}) from {Corpus}";
        }
    }

    /// <summary>Reads <c>lengths: { 16: 3, 128: 1 }</c>: tokens, and how often that length occurs beside the others.</summary>
    private static TokenLength[] TokenLengths(YamlMapping lengths)
    {
        var result = new List<TokenLength>();
        foreach (var key in lengths.Keys)
        {
            if (int.TryParse(key, out var tokens) && tokens is >= 3 and <= 1 << 20)
                result.Add(new TokenLength(tokens, lengths.Integer(key, 1, 1_000_000)));
            else lengths.Fault(key, $"'{key}' is not a number of tokens from 3 to {1 << 20}", "Write tokens: weight, for example 128: 1");
            lengths.Node(key);
        }
        if (lengths.Keys.Count == 0) lengths.Fault(null, "no length is given", "Write tokens: weight, for example 128: 1");
        lengths.Done();
        return [.. result];
    }
}

/// <param name="Tokens">Exact number of tokens, special tokens included.</param>
/// <param name="Weight">Relative frequency, a positive whole number.</param>
public sealed record TokenLength(int Tokens, int Weight);
