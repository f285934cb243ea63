namespace ServeBench.Build.Evidence;

/// <summary>That whatever is read from outside is refused or read, and breaks nothing: the fuzz tests, at length.</summary>
internal sealed class FuzzEvidence : IEvidence
{
    public IReadOnlyList<EvidenceProgram> Programs { get; } =
    [
        EvidenceProgram.Of("fuzz-requests", "200,000 changed requests to our own server.", "5 min",
            new TestEvidence("ServeBench.OnnxServer.Tests", "*.FuzzTests")
            {
                Variables = new() { ["SERVEBENCH_FUZZ_REQUESTS"] = "200000" },
            }),
        EvidenceProgram.Of("fuzz-models", "200,000 changed files of each kind that models are read from.", "10 min",
            new TestEvidence("ServeBench.Models.Tests", "*.ReaderFuzzTests")
            {
                Variables = new() { ["SERVEBENCH_FUZZ_FILES"] = "200000" },
            }),
        EvidenceProgram.Of("fuzz-imports", "200,000 changed results of other tools.", "5 min",
            new TestEvidence("ServeBench.Runs.Tests", "*.ImportFuzzTests")
            {
                Variables = new() { ["SERVEBENCH_FUZZ_FILES"] = "200000" },
            }),
    ];
}
