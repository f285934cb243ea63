namespace ServeBench.Build.Evidence.Servers;

/// <summary>What our own server does, measured by our own driver (docs/server.md).</summary>
internal sealed class ServerEvidence : IEvidence
{
    private const string Tests = "ServeBench.OnnxServer.Tests";

    public IReadOnlyList<EvidenceProgram> Programs { get; } =
    [
        new("server-launch", "How long our own server takes to its first right answer, its memory and its size.", "1 min",
            LaunchEvidence.TellAsync),
        new("server-efficiency", "What processor time our own server uses beside the raw runtime, and for what.", "9 min",
            EfficiencyEvidence.TellAsync),
        new("server-mixed", "What batching by length is worth: our own server in three ways.", "7 min", MixedLengthEvidence.TellAsync),
        new("server-half-rate", "Latency of our own server at half of its maximum rate.", "2 min", HalfRateEvidence.TellAsync),
        new("server-overload", "What our own server does with three times as many requests as it can answer.", "2 min",
            OverloadEvidence.TellAsync),
        EvidenceProgram.Of(
            "server-soak",
            "Our own server at saturation, with malformed, abandoned and slow requests among the good ones.",
            "16 min",
            new TestEvidence(Tests, "*.SoakTests") { Variables = new() { ["SERVEBENCH_SOAK_SECONDS"] = "900" } }),
        EvidenceProgram.Of(
            "server-stream-soak",
            "Our own server with more streams of tokens than slots, one in twenty of them abandoned.",
            "16 min",
            new TestEvidence(Tests, "*.StreamSoakTests") { Variables = new() { ["SERVEBENCH_SOAK_SECONDS"] = "900" } }),
    ];
}
