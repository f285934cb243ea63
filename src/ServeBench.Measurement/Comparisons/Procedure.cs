namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// How a verdict is reached (method.md, rule 13). Everything is fixed by <see cref="Published"/>; the other settings exist so that
/// a test can plant a fault and see the published error rates break (decision 0106).
/// </summary>
internal sealed record Procedure
{
    public static Procedure Published { get; } = new();

    /// <summary>The least ratio that matters in practice.</summary>
    public const double PracticalRatio = 1.05;

    /// <summary>Risk that any interval of a question misses.</summary>
    public const double FamilyLevel = 0.05;

    /// <summary>Logarithm of the least ratio that matters.</summary>
    public double Threshold { get; init; } = Math.Log(PracticalRatio);

    /// <summary>Residuals beyond so many scales lose weight; infinity is least squares.</summary>
    public double Huber { get; init; } = 1.5;

    /// <summary>How many standard errors below the best a stack may be, at least, and still count as a candidate for the best.</summary>
    public double CandidateMargin { get; init; } = 3.25;

    /// <summary>False forgets that trials of one block saw the same machine.</summary>
    public bool Blocked { get; init; } = true;

    /// <summary>False makes each interval as if it were the only one and the best had been named beforehand.</summary>
    public bool Corrected { get; init; } = true;

    /// <summary>False calls better what is only different.</summary>
    public bool Shifted { get; init; } = true;

    /// <summary>False pools the spread over stacks whatever they show.</summary>
    public bool Moderated { get; init; } = true;
}
