namespace ServeBench.Build.Evidence;

/// <summary>What preparing a model takes, and what its weights are worth in speed (docs/models.md).</summary>
internal sealed class ModelEvidence : IEvidence
{
    private const string Tests = "ServeBench.Models.Tests";

    public IReadOnlyList<EvidenceProgram> Programs { get; } =
    [
        EvidenceProgram.Of("preparation", "How long it takes to draw a model's weights, export it and compute its references.", "3 min",
            new TestEvidence(Tests, "*.Preparation") { IsExplicit = true }),
        EvidenceProgram.Of(
            "precisions",
            "What the precisions of a model are worth in speed, and our export beside PyTorch's where that is given.",
            "2 min",
            new TestEvidence(Tests, "*.RawThroughput") { IsExplicit = true }),
        EvidenceProgram.Of("seeded-weights", "Whether seeded weights cost the same to run as trained ones.", "3 min",
            new TestEvidence(Tests, "*.SeededAgainstTrained") { IsExplicit = true }),
    ];
}
