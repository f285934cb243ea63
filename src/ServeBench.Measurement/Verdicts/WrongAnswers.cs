using ServeBench.Domain.Samples;
using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>Answers under load were not those of the model (method.md, rule 5).</summary>
public sealed class WrongAnswers : IVerdictRule
{
    public string Id => "wrong-answers";

    public Finding? Check(TrialFacts trial)
    {
        var malformed = trial.Samples.Of(Outcome.WrongAnswer);
        var checks = trial.Record.Checks;
        if (malformed == 0 && checks.Wrong == 0) return null;
        var found = new List<string>();
        if (malformed > 0) found.Add($"{Count(malformed, trial.Samples.Count, "")} not what the protocol describes");
        if (checks.Wrong > 0) found.Add($"{Count(checks.Wrong, checks.Checked, " compared with the references")} wrong");
        if (checks.FirstWrong is { } first) found.Add($"the first: {first}");
        return new Finding(Id, Severity.Saturated, string.Join("; ", found),
            "Look for a race in the server (answers swapped between requests of a batch) and at its log");
    }

    private static string Count(int some, int all, string which) =>
        $"{some:#,0} of {Plural.Of(all, "answer")}{which} {Plural.Verb(some, "was", "were")}";
}
