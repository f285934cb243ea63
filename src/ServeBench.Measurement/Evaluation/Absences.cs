using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Evaluation;

/// <summary>Says why planned trials have no result.</summary>
internal static class Absences
{
    public static IEnumerable<NotMeasured> Of(IReadOnlyList<PlannedTrial> missing, IReadOnlyList<DeploymentRecord> deployments) =>
        from planned in missing
        group planned by (planned.Contender, Why: Why(planned, deployments)) into absent
        let trials = string.Join(", ", absent.Select(p => p.Trial).Distinct().Order())
        select new NotMeasured($"{absent.Key.Contender}: {absent.Count()} planned cases of trial {trials}", absent.Key.Why);

    private static string Why(PlannedTrial planned, IReadOnlyList<DeploymentRecord> deployments)
    {
        var deployment = deployments.LastOrDefault(d => d.Contender == planned.Contender && d.Trial == planned.Trial);
        if (deployment?.Failure is { } failure) return failure;
        return deployment?.Parity is { Passed: false } parity
            ? $"parity failed, so it was not timed: {parity.Detail}"
            : "not measured yet; the same command goes on from here";
    }
}
