namespace ServeBench.Build.Evidence.Generation;

/// <summary>What is shown of models that continue texts, whole and with seeded weights (docs/models.md, docs/decisions/0142).</summary>
internal sealed class GenerationEvidence : IEvidence
{
    private const string Tests = "ServeBench.Models.Tests";

    public IReadOnlyList<EvidenceProgram> Programs { get; } =
    [
        EvidenceProgram.Of(
            "generators",
            "That seeded models continue texts without falling into a loop, and as another engine does where one is named.",
            "5 min",
            new TestEvidence(Tests, "*.WholeDecoderTests") { IsExplicit = true }),
        EvidenceProgram.Of("generator-speed", "Tokens a second of the exported graph of a decoder and of a plain one.", "4 min",
            new TestEvidence(Tests, "*.GeneratorSpeed") { IsExplicit = true }),
    ];
}
