namespace ServeBench.Build.Evidence.Embedding;

/// <summary>
/// The speed of our own tokenizer. It is measured by a test program: the tokenizers beside it are packages that nothing else here uses.
/// </summary>
internal sealed class TokenizerEvidence : IEvidence
{
    public IReadOnlyList<EvidenceProgram> Programs { get; } =
    [
        EvidenceProgram.Of("tokenizers", "The speed of our own tokenizer, alone and beside the two for BERT that NuGet has.", "3 min",
            new TestEvidence("ServeBench.Models.Tests", "*.Tokenizer*") { IsExplicit = true }),
    ];
}
