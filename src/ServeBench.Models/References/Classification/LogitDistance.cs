namespace ServeBench.Models.References.Classification;

/// <summary>
/// How far two vectors of logits are apart. What is added to all of them alike changes no probability, so each is taken less its mean; and
/// networks differ in the size of their logits, so the unit is the standard deviation of those expected.
/// </summary>
public static class LogitDistance
{
    /// <summary>The largest difference of any logit.</summary>
    /// <param name="expected">At least two, not all alike.</param>
    /// <param name="given">As many.</param>
    public static double Largest(IReadOnlyList<float> expected, IReadOnlyList<float> given)
    {
        var (due, own) = (expected.Average(v => (double)v), given.Average(v => (double)v));
        return expected.Zip(given, (e, g) => Math.Abs(e - due - (g - own))).Max() / Deviation(expected);
    }

    /// <summary>The standard deviation of some logits.</summary>
    public static double Deviation(IReadOnlyList<float> logits)
    {
        var mean = logits.Average(v => (double)v);
        return Math.Sqrt(logits.Average(v => (v - mean) * (v - mean)));
    }

    /// <summary>The class with the highest score, the first of several.</summary>
    public static int Best(IReadOnlyList<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Count; i++)
        {
            if (scores[i] > scores[best]) best = i;
        }
        return best;
    }

    /// <summary>Logits that have these probabilities; their mean is not known.</summary>
    public static float[] OfProbabilities(IReadOnlyList<float> probabilities) =>
        [.. probabilities.Select(p => MathF.Log(Math.Max(p, float.Epsilon)))];
}
