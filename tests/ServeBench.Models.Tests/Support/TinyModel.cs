using ServeBench.Domain.Models;
using ServeBench.Models.Architectures;

namespace ServeBench.Models.Tests.Support;

/// <summary>A BERT encoder small enough to be made in milliseconds, with sizes that are all different and not multiples of vector widths.</summary>
internal static class TinyModel
{
    public static BertEncoderSettings Settings { get; } = new()
    {
        Layers = 2,
        Hidden = 12,
        Heads = 3,
        Intermediate = 21,
        Vocabulary = 30522,
        Positions = 40,
        Segments = 2,
        LayerNormEpsilon = 1e-12,
        Pooling = "mean",
        Normalise = true,
        StoresPositionIds = true,
        Tokenizer = new TokenizerSettings("wordpiece", Lowercase: true, MaximumTokens: 40),
    };

    public static ModelCard Card(string name = "tiny", int seed = 1) => new()
    {
        Name = name,
        Title = "A tiny encoder",
        Groups = ["embeddings"],
        Licence = "MIT",
        Source = new ModelSource("example/tiny", new string('0', 40), []),
        Package = Repository.Card("sentence-bert-base").Package,
        Architecture = "bert-encoder",
        Export = Settings,
        Parity = new ParityLimits(new Dictionary<string, double> { ["maximum-difference"] = 1e-3, ["least-cosine"] = 0.9999 }),
        WeightsSeed = seed,
        Folder = "",
    };
}
