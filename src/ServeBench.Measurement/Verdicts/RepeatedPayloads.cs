using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>
/// The deployment had been sent some of the window's bodies before, so that a response or prefix cache may have answered them
/// (method.md, rule 8).
/// </summary>
public sealed class RepeatedPayloads : IVerdictRule
{
    public string Id => "repeated-payloads";

    public Finding? Check(TrialFacts trial)
    {
        if (trial.Record.Payloads is not { Repeated: > 0, WindowRequests: > 0 } sent) return null;
        return new Finding(Id, Severity.Note,
            $"{NumberText.Percent((double)sent.Repeated / sent.WindowRequests)} of the window's bodies had been sent to this deployment "
                + "before; a cache of responses or prefixes would have answered those",
            "Raise `distinct` in the workload's file");
    }
}
