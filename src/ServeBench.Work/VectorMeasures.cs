using ServeBench.Domain.Parity;

namespace ServeBench.Work;

/// <summary>The measures of answers that are vectors, whatever the vectors mean.</summary>
public static class VectorMeasures
{
    /// <summary>Largest absolute difference of any component of vectors of length 1.</summary>
    public static Measure Difference { get; } = new(new("maximum-difference", 0, 2), "largest difference", HigherIsBetter: false);

    public static Measure Cosine { get; } = new(new("least-cosine", -1, 1), "cosine", HigherIsBetter: true);

    public static IReadOnlyList<Measure> All { get; } = [Difference, Cosine];

    /// <summary>Compares by both measures, in the order of <see cref="All"/>.</summary>
    public static Closeness Compare(IReadOnlyList<float> expected, float[] answer) =>
        answer.Length != expected.Count ? Closeness.Not($"{answer.Length} components instead of {expected.Count}")
        : !answer.All(float.IsFinite) ? Closeness.Not("a component is no finite number")
        : new(null, [VectorDistance.Difference(expected, answer), VectorDistance.Cosine(expected, answer)], answer);
}
