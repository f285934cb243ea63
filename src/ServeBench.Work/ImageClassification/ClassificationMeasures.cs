using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.References.Classification;

namespace ServeBench.Work.ImageClassification;

/// <summary>
/// By what the classes of an image are compared. JPEG decoders and resizers differ by some levels, so logits are compared within a limit,
/// and a best class that is another one has to be nearly as good. The unit is the standard deviation of the image's logits.
/// </summary>
internal static class ClassificationMeasures
{
    public const string Classes = "classes";
    public const string Scores = "scores";
    public const string Logits = "logits";
    public const string Probabilities = "probabilities";

    private const double Largest = 1000;

    public static IReadOnlyList<Measure> All { get; } =
    [
        new(new("largest-logit-difference", 0, Largest), "largest difference of a logit", HigherIsBetter: false),
        new(new("largest-top-1-deficit", 0, Largest), "top-1 deficit", HigherIsBetter: false),
        new(new("least-top-1-agreement", 0, 1), "top-1 agreement", HigherIsBetter: true) { IsMean = true },
    ];

    /// <param name="expected">Logits, whose mean means nothing.</param>
    /// <param name="answer">With the logits or the probabilities of all classes, or with the best classes and their probabilities.</param>
    /// <param name="item">Which item of it.</param>
    public static Closeness Compare(IReadOnlyList<float> expected, ServedAnswer answer, int item)
    {
        float[]? Of(string key) => answer.Vectors.TryGetValue(key, out var vectors) ? vectors[item] : null;
        var given = Of(Logits) ?? (Of(Probabilities) is { } all ? LogitDistance.OfProbabilities(all) : null);
        if (given is null) return CompareBest(expected, Of(Classes), Of(Scores));
        return given.Length != expected.Count ? Closeness.Not($"scores of {given.Length} classes instead of {expected.Count}")
            : !given.All(float.IsFinite) ? Closeness.Not("a score is no finite number")
            : Close(expected, LogitDistance.Best(given), LogitDistance.Largest(expected, given));
    }

    /// <summary>Differences of logits are the logarithms of quotients of probabilities.</summary>
    private static Closeness CompareBest(IReadOnlyList<float> expected, float[]? classes, float[]? scores)
    {
        if (classes is null or []) return Closeness.Not("the answer has neither scores of all classes nor the best classes");
        if (Array.FindIndex(classes, c => c < 0 || c >= expected.Count || c != MathF.Floor(c)) is >= 0 and var at)
            return Closeness.Not($"class {classes[at]} is none of the {expected.Count} classes");
        if (classes.Distinct().Count() < classes.Length)
            return Closeness.Not($"the best classes {string.Join(", ", classes)} name one of them more than once");
        var due = Math.Min(ClassifierSettings.LeastTop, expected.Count);
        if (classes.Length < due) return Closeness.Not($"{classes.Length} best classes instead of {due}");
        if (scores is null) return Close(expected, (int)classes[0], 0);
        if (scores.Length != classes.Length || !scores.All(s => s > 0))
            return Closeness.Not($"{scores.Length} scores that are probabilities are due for {classes.Length} classes");
        var best = LogitDistance.Best(scores);
        var largest = classes.Zip(
            scores, (c, s) => Math.Abs(Math.Log(s / (double)scores[best]) - (expected[(int)c] - expected[(int)classes[best]]))).Max();
        return Close(expected, (int)classes[best], largest / LogitDistance.Deviation(expected));
    }

    private static Closeness Close(IReadOnlyList<float> expected, int best, double largest)
    {
        var due = LogitDistance.Best(expected);
        return new Closeness(
            null, [largest, (expected[due] - expected[best]) / LogitDistance.Deviation(expected), best == due ? 1 : 0]);
    }
}
