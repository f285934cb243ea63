using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;

namespace ServeBench.Measurement.Evaluation;

/// <summary>Says why planned trials have no result.</summary>
internal static class Absences
{
    public static IEnumerable<NotMeasured> Of(IReadOnlyList<PlannedTrial> missing, IReadOnlyList<DeploymentRecord> deployments) =>
        from planned in missing
        group planned by (planned.Contender, Why: Why(planned, deployments)) into absent
        let trials = string.Join(", ", absent.Select(p => p.Trial).Distinct().Order())
        select new NotMeasured($"{absent.Key.Contender}: {Plural.Of(absent.Count(), "planned case")} of trial {trials}", absent.Key.Why);

    private static string Why(PlannedTrial planned, IReadOnlyList<DeploymentRecord> deployments)
    {
        var deployment = Deployment(planned, [.. deployments.Where(d => d.Contender == planned.Contender && d.Trial == planned.Trial)]);
        if (deployment?.Failure is { } failure) return failure;
        return deployment?.Parity is { Passed: false } parity
            ? $"parity failed, so it was not timed: {parity.Detail}"
            : "not measured yet; the same command goes on from here";
    }

    /// <summary>The last one of its model: what another model failed by is no reason. A trial's place says of which model it is.</summary>
    private static DeploymentRecord? Deployment(PlannedTrial planned, DeploymentRecord[] all)
    {
        // trials/contender/model/workload/level/trial; records of other layouts do not say.
        var place = planned.File.Split('/');
        return place.Length == 6 ? Array.FindLast(all, d => place[2] == d.Model) : all.LastOrDefault();
    }
}
