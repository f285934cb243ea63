namespace ServeBench.Domain.Trials;

/// <summary>One cold start, launch to first correct answer, in seconds, with its parts. Parts that are known add up to the whole.</summary>
/// <param name="Seconds">The whole.</param>
/// <param name="ContainerSeconds">Launch until the server's first process runs; null where the host does not report it.</param>
/// <param name="ProcessSeconds">From there until everything runs that is not counted elsewhere: runtime, libraries, listening;
/// null where the first part is.</param>
/// <param name="ModelSeconds">Loading the model, by the server's own timer; null for a server that has none, and then counted in
/// the second part.</param>
/// <param name="AnswerSeconds">The first correct answer itself, from its request on.</param>
public sealed record ColdStartRecord(
    double Seconds, double? ContainerSeconds, double? ProcessSeconds, double? ModelSeconds, double AnswerSeconds)
{
    /// <summary>
    /// Launch until every probe of its stack held, which is not one of the parts; null for a stack without probes, and in records of before
    /// there were any.
    /// </summary>
    public double? HealthSeconds { get; init; }

    /// <summary>
    /// Launch until its first answer, right or wrong: the whole where no answer was wrong; null in records of before it was kept.
    /// </summary>
    public double? AnsweredSeconds { get; init; }
}
