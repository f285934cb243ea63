using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Evaluation;

/// <summary>
/// A deployment that fails parity is not timed; a stack of which any deployment failed gives right answers by luck, so the
/// cases of its other deployments are INVALID, too (method.md, rule 5).
/// </summary>
internal static class ParityFailure
{
    private const string Rule = "parity-failed";

    /// <returns>Null when every deployment of the case's stack and model passed.</returns>
    public static CaseFinding? Of(CaseResult of, IReadOnlyList<DeploymentRecord> deployments)
    {
        var failed = deployments
            .Where(d => Track.Label(d.Stack, d.Track) == of.Stack && d.Model == of.Model && d.Parity is { Passed: false })
            .ToArray();
        if (failed.Length == 0) return null;
        return new CaseFinding(Rule, Severity.Invalid, [.. failed.Select(d => d.Trial).Distinct().Order()],
            $"a deployment of this stack gave wrong answers to the reference inputs: {failed[0].Parity!.Detail.TrimEnd('.')}",
            "Find out why its answers differ between deployments; until then its speed means nothing");
    }
}
