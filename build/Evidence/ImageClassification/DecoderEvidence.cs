namespace ServeBench.Build.Evidence.ImageClassification;

/// <summary>What the limits on answers about images stand on (docs/models.md).</summary>
internal sealed class DecoderEvidence : IEvidence
{
    public IReadOnlyList<EvidenceProgram> Programs { get; } =
    [
        EvidenceProgram.Of(
            "decoders",
            "How far logits move when photographs are decoded, scaled or cut otherwise, rightly and wrongly.",
            "2 min",
            new TestEvidence("ServeBench.Models.Tests", "*.DecoderDifferences") { IsExplicit = true }),
    ];
}
