namespace ServeBench.Build.Evidence;

/// <summary>
/// What deployments of servers with bad habits leave, and what the pipeline makes of each habit: a stand-in server has them.
/// </summary>
internal sealed class DeploymentEvidence : IEvidence
{
    public IReadOnlyList<EvidenceProgram> Programs { get; } =
    [
        EvidenceProgram.Of(
            "deployments",
            "Nothing is left of 200 deployments of servers that end badly, under load, nor of 20 runs killed amid such, "
                + "and the pipeline has not grown.",
            "5 min",
            new TestEvidence("ServeBench.Hosts.Tests", "*.DeploymentCycleTests") { IsExplicit = true }),
        EvidenceProgram.Of(
            "habits",
            "What the pipeline makes of each habit of third-party servers, as a table: into artifacts/evidence/habits.md.",
            "5 min",
            new TestEvidence("ServeBench.Runs.Tests", "*.HabitTable") { IsExplicit = true }),
    ];
}
