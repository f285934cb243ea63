using ServeBench.Domain.Plans;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;
using ServeBench.Runs.Planning;

namespace ServeBench.Runs.Storing;

/// <summary>
/// Stored trials that <c>--force=invalid</c> measures again: those that spoiled a case which is INVALID. The others of the case count
/// and are kept, as are spoiled trials of cases that stand without them.
/// </summary>
internal sealed class InvalidResults
{
    private readonly HashSet<(string Fingerprint, string Deployment)> _trials = [];

    private InvalidResults()
    {
    }

    public int Count => _trials.Count;

    /// <summary>Whether this very measurement is one of them; what has been measured in its place is not.</summary>
    public bool Has(TrialRecord stored) => _trials.Contains((stored.Fingerprint, stored.DeploymentId));

    /// <summary>
    /// Looks at each stored trial of a plan in the newest run that holds it: a trial alone does not say whether its case stands.
    /// </summary>
    /// <param name="request">Without <c>--force=invalid</c> there is none.</param>
    /// <param name="plan">What is to be measured.</param>
    /// <param name="known">The runs that there are.</param>
    /// <param name="store">What is stored.</param>
    /// <param name="cancellationToken">Ends it between two trials.</param>
    public static InvalidResults Of(
        RunRequest request, RunPlan plan, KnownRuns known, ResultStore store, CancellationToken cancellationToken)
    {
        var found = new InvalidResults();
        if (!request.ForceInvalid) return found;
        var unseen = plan.Cases
            .Select(c => store.Trial(c.Fingerprint))
            .OfType<TrialRecord>()
            .ToDictionary(t => t.Fingerprint, t => t.DeploymentId);
        foreach (var (folder, manifest) in known.All())
        {
            if (unseen.Count == 0) break;
            if (!manifest.Trials.Any(t => unseen.ContainsKey(t.Fingerprint))) continue;
            var cases = RunEvaluator.Evaluate(folder, cancellationToken).Cases.ToDictionary(Key);
            foreach (var planned in manifest.Trials)
            {
                if (!unseen.TryGetValue(planned.Fingerprint, out var deployment)
                    || folder.ReadTrial(planned) is not { } trial
                    || trial.DeploymentId != deployment)
                    continue;
                unseen.Remove(planned.Fingerprint);
                if (cases.TryGetValue(Key(trial.Case), out var of) && IsToBlame(of, trial))
                    found._trials.Add((trial.Fingerprint, trial.DeploymentId));
            }
        }
        return found;
    }

    /// <summary>
    /// Where no trial is spoiled, the case is INVALID by what happened to another deployment: then all of it is measured again.
    /// </summary>
    private static bool IsToBlame(CaseResult of, TrialRecord trial) =>
        of.Standing == Standing.Invalid
        && (of.Trials.All(t => t.Spoiled is null) || of.Trials.Any(t => t.Trial == trial.Case.Trial && t.Spoiled is not null));

    private static (string, string, string, string, string, string) Key(CaseResult of) =>
        (of.Contender, of.Workload, of.Scenario, of.Level, of.Model, of.Precision);

    private static (string, string, string, string, string, string) Key(CaseRecord of) =>
        (of.Contender, of.Workload, of.Scenario, of.Level, of.Model, of.Precision);
}
