namespace ServeBench.Build.Evidence;

/// <summary>What the whole chain finds where the truth is planted.</summary>
internal sealed class PlantedEvidence : IEvidence
{
    public IReadOnlyList<EvidenceProgram> Programs { get; } =
    [
        new("aa", "How often one of two equal real servers is called better.", "7 min", context =>
            new RealEvidence(context, "aa", 1).TellAsync()),
        new("slowdown", "How often a real server that is 10 % slower is found.", "7 min", context =>
            new RealEvidence(context, "slowdown", 1.1).TellAsync()),
    ];
}
