using ServeBench.Measurement.Evidence;

namespace ServeBench.Build.Evidence;

/// <summary>What the statistics of reports are worth, computed from simulated runs.</summary>
internal sealed class ComputedEvidence : IEvidence
{
    public IReadOnlyList<EvidenceProgram> Programs { get; } =
    [
        new("verdicts", "How often verdicts err when the truth is known, and what they find.", "2 min", context =>
            Task.Run(() => VerdictEvidence.Tell(context.Screen.Say, context.Cancelled), context.Cancelled)) { IsComputed = true },
        new("compare", "How often the comparison of two runs errs when the truth is known, and what it finds.", "1 min", context =>
            Task.Run(() => ChangeEvidence.Tell(context.Screen.Say, context.Cancelled), context.Cancelled)) { IsComputed = true },
        new("scale", "What a report on ten million samples takes.", "2 min", context =>
            Task.Run(() => ScaleEvidence.Tell(context), context.Cancelled)) { IsComputed = true },
    ];
}
