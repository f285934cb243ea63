namespace ServeBench.Build.Evidence;

/// <summary>That whatever is read from outside is refused or read, and breaks nothing: the fuzz tests, at length.</summary>
internal sealed class FuzzEvidence : IEvidence
{
    public IReadOnlyList<EvidenceProgram> Programs { get; } =
    [
        EvidenceProgram.Of("fuzz-requests",
            "200,000 changed requests with texts, as many with images and with prompts to our own server.", "10 min",
            new TestEvidence("ServeBench.OnnxServer.Tests", "*.FuzzTests")
            {
                Variables = new() { ["SERVEBENCH_FUZZ_REQUESTS"] = "200000" },
            }),
        EvidenceProgram.Of("fuzz-images", "100,000 damaged image files.", "5 min",
            new TestEvidence("ServeBench.OnnxServer.Tests", "*.HostileImageTests")
            {
                Variables = new() { ["SERVEBENCH_FUZZ_IMAGES"] = "100000" },
            }),
        EvidenceProgram.Of("fuzz-grpc", "100,000 changed messages of gRPC, 100,000 connections with changed frames of HTTP/2.", "10 min",
            new TestEvidence("ServeBench.OnnxServer.Tests", "*.GrpcFuzzTests")
            {
                Variables = new() { ["SERVEBENCH_FUZZ_MESSAGES"] = "100000", ["SERVEBENCH_FUZZ_FRAMES"] = "100000" },
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
