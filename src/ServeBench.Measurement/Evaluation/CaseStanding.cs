using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Evaluation;

/// <summary>What a case is worth by its trials (method.md, rule 14a).</summary>
public static class CaseStanding
{
    /// <summary>How many trials of a case must count for it to say anything: more than half of those that were measured.</summary>
    public static int Least(int trials) => (trials / 2) + 1;

    /// <summary>
    /// INVALID when too many trials are spoiled; else SATURATED when half or more of those that count are: a server that holds the
    /// load every other time does not hold it.
    /// </summary>
    /// <param name="trials">One at least.</param>
    public static Standing Of(IReadOnlyList<Standing> trials)
    {
        var counting = trials.Count(t => t != Standing.Invalid);
        if (counting < Least(trials.Count)) return Standing.Invalid;
        return trials.Count(t => t == Standing.Saturated) * 2 >= counting ? Standing.Saturated : Standing.Valid;
    }
}
