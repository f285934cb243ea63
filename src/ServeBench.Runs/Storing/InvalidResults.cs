using ServeBench.Domain.Plans;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;

namespace ServeBench.Runs.Storing;

/// <summary>
/// Stored trials that count for nothing. A run that is finished and has no INVALID case is left alone, with the spoiled
/// trials that its cases are valid in spite of; where anything is measured, no spoiled trial is reused beside it.
/// </summary>
internal sealed class InvalidResults
{
    private readonly HashSet<(string Fingerprint, string Deployment)> _trials = [];

    private InvalidResults()
    {
    }

    /// <summary>None.</summary>
    public static InvalidResults None { get; } = new();

    /// <summary>Whether this very measurement is one of them; what has been measured in its place is not.</summary>
    public bool Has(TrialRecord stored) => _trials.Contains((stored.Fingerprint, stored.DeploymentId));

    /// <summary>
    /// Looks at each stored trial of a plan in the newest run that holds it: a trial alone does not say whether its case is valid.
    /// </summary>
    /// <param name="plan">What is to be measured.</param>
    /// <param name="known">The runs that there are.</param>
    /// <param name="store">What is stored.</param>
    /// <param name="cancellationToken">Ends it between two trials.</param>
    public static InvalidResults Of(RunPlan plan, KnownRuns known, ResultStore store, CancellationToken cancellationToken)
    {
        var found = new InvalidResults();
        var unseen = plan.Cases
            .Select(c => store.Trial(c.Fingerprint))
            .OfType<TrialRecord>()
            .ToDictionary(t => t.Fingerprint, t => t.DeploymentId);
        foreach (var (folder, manifest) in known.All())
        {
            if (unseen.Count == 0) break;
            if (!manifest.Trials.Any(t => unseen.ContainsKey(t.Fingerprint))) continue;
            var cases = CasesOf(folder, cancellationToken);
            foreach (var planned in manifest.Trials)
            {
                if (!unseen.TryGetValue(planned.Fingerprint, out var deployment)
                    || folder.ReadTrial(planned) is not { } trial
                    || trial.DeploymentId != deployment)
                    continue;
                unseen.Remove(planned.Fingerprint);
                if (cases.TryGetValue(Key(trial.Case), out var of) && (IsSpoiled(of, trial) || IsToBlame(of, trial)))
                    found._trials.Add((trial.Fingerprint, trial.DeploymentId));
            }
        }
        return found;
    }

    /// <summary>The trials that make cases of a run INVALID, by fingerprint: those that the same command measures again.</summary>
    public static IReadOnlyList<string> InCasesOf(RunFolder folder, RunManifest manifest, CancellationToken cancellationToken)
    {
        var cases = CasesOf(folder, cancellationToken);
        return [.. from planned in manifest.Trials
                   let trial = folder.ReadTrial(planned)
                   where trial is not null && cases.TryGetValue(Key(trial.Case), out var of) && IsToBlame(of, trial)
                   select planned.Fingerprint];
    }

    private static Dictionary<(string, string, string, string, string, string), CaseResult> CasesOf(
        RunFolder folder, CancellationToken cancellationToken) =>
        RunEvaluator.Evaluate(folder, cancellationToken).Cases.ToDictionary(Key);

    /// <summary>
    /// Where no trial is spoiled, the case is INVALID by what happened to another deployment: then all of it is measured again.
    /// </summary>
    private static bool IsToBlame(CaseResult of, TrialRecord trial) =>
        of.Standing == Standing.Invalid && (of.Trials.All(t => t.Spoiled is null) || IsSpoiled(of, trial));

    private static bool IsSpoiled(CaseResult of, TrialRecord trial) =>
        of.Trials.Any(t => t.Trial == trial.Case.Trial && t.Spoiled is not null);

    private static (string, string, string, string, string, string) Key(CaseResult of) =>
        (of.Contender, of.Workload, of.Scenario, of.Level, of.Model, of.Precision);

    private static (string, string, string, string, string, string) Key(CaseRecord of) =>
        (of.Contender, of.Workload, of.Scenario, of.Level, of.Model, of.Precision);
}
