namespace ServeBench.Build.Evidence.ImageClassification;

/// <summary>What the limits on answers about images stand on (docs/models.md), and what decoding takes (decision 0135).</summary>
internal sealed class DecoderEvidence : IEvidence
{
    public IReadOnlyList<EvidenceProgram> Programs { get; } =
    [
        EvidenceProgram.Of(
            "decoders",
            "How far logits move when photographs are decoded, scaled or cut otherwise, rightly and wrongly.",
            "2 min",
            new TestEvidence("ServeBench.Models.Tests", "*.DecoderDifferences") { IsExplicit = true }),
        EvidenceProgram.Of(
            "decoder-speed",
            "What decoding, scaling and cutting a photograph takes, and decoding with libturbojpeg where there is one.",
            "1 min",
            new TestEvidence("ServeBench.OnnxServer.Tests", "*.DecoderSpeed") { IsExplicit = true }),
        EvidenceProgram.Of(
            "decoders-compared",
            "Photographs decoded, scaled and cut by our code, libvips, Skia and libturbojpeg: speed, native code, other pixels.",
            "1 min",
            new TestEvidence("ServeBench.OnnxServer.Tests", "*.DecodersCompared") { IsExplicit = true }),
    ];
}
