using ServeBench.Domain.Catalogues;

namespace ServeBench.Work;

/// <summary>One way in which an answer can be away from what was expected.</summary>
/// <param name="Limit">Its limit in a model card.</param>
/// <param name="Title">What it is, in the middle of a sentence.</param>
/// <param name="HigherIsBetter">True when the limit is the least that is allowed, false when it is the most.</param>
public sealed record Measure(LimitKey Limit, string Title, bool HigherIsBetter)
{
    /// <summary>
    /// True when the limit is on the mean over all answers: what a single one has of it decides nothing.
    /// </summary>
    public bool IsMean { get; init; }

    /// <summary>What a perfect answer has, from which the worst is sought.</summary>
    public double Best => HigherIsBetter ? Limit.Most : Limit.Least;

    public bool Allows(double value, double limit) => HigherIsBetter ? value >= limit : value <= limit;

    /// <summary>The worse of two.</summary>
    public double Worse(double one, double other) => HigherIsBetter ? Math.Min(one, other) : Math.Max(one, other);
}

/// <summary>How near an item of an answer is to what was expected.</summary>
/// <param name="Unusable">Why it cannot be compared at all; null when it can.</param>
/// <param name="Values">One for each of <see cref="WorkKind.Measures"/>; none when it cannot be compared.</param>
/// <param name="Vector">The answer where it is a vector: stacks are compared with each other by these.</param>
public sealed record Closeness(string? Unusable, IReadOnlyList<double> Values, float[]? Vector = null)
{
    public static Closeness Not(string why) => new(why, []);
}
