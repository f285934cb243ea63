using ServeBench.Domain.Models;
using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Deploying;

/// <summary>Compares a stack's embeddings with the references (method.md, rule 5).</summary>
public static class ParityCheck
{
    /// <param name="limits">How far apart they may be.</param>
    /// <param name="pairs">Each reference with what the stack answered: an embedding, or why there is none.</param>
    public static ParityRecord Compare(ParityLimits limits, IReadOnlyList<(ReferenceAnswer Reference, float[]? Answer, string Problem)> pairs)
    {
        var worst = 0.0;
        var least = 1.0;
        var problems = new List<string>();
        foreach (var (reference, answer, problem) in pairs)
        {
            var expected = reference.Embedding;
            if (answer is null || answer.Length != expected.Count)
            {
                problems.Add($"{Shown(reference.Text)}: {(answer is null ? problem : $"{answer.Length} components instead of {expected.Count}")}");
                continue;
            }
            var difference = Difference(expected, answer);
            var cosine = Cosine(expected, answer);
            worst = Math.Max(worst, difference);
            least = Math.Min(least, cosine);
            // Written so that a value which is not a number fails.
            if (!(difference <= limits.MaximumDifference) || !(cosine >= limits.LeastCosine))
                problems.Add($"{Shown(reference.Text)}: largest difference {difference:0.######} (limit {limits.MaximumDifference:0.######}), cosine {cosine:0.######} (limit {limits.LeastCosine:0.######})");
        }
        var compared = pairs.Count(p => p.Answer is not null && p.Answer.Length == p.Reference.Embedding.Count);
        return new ParityRecord(
            problems.Count == 0 && compared > 0,
            compared,
            compared == 0 ? null : worst,
            compared == 0 ? null : least,
            limits.MaximumDifference,
            limits.LeastCosine,
            string.Join("; ", problems));
    }

    /// <summary>Whether one embedding is as close to what was expected as the limits ask.</summary>
    public static bool Agrees(ParityLimits limits, IReadOnlyList<float> expected, float[] answer) =>
        answer.Length == expected.Count && Difference(expected, answer) <= limits.MaximumDifference && Cosine(expected, answer) >= limits.LeastCosine;

    /// <summary>Largest absolute difference of any component; not a number when any component is not.</summary>
    public static double Difference(IReadOnlyList<float> expected, float[] answer)
    {
        var worst = 0.0;
        for (var i = 0; i < answer.Length; i++)
        {
            var difference = Math.Abs((double)expected[i] - answer[i]);
            if (!(difference <= worst)) worst = difference;
            if (double.IsNaN(worst)) return worst;
        }
        return worst;
    }

    private static double Cosine(IReadOnlyList<float> expected, float[] answer)
    {
        double dot = 0, left = 0, right = 0;
        for (var i = 0; i < answer.Length; i++)
        {
            dot += (double)expected[i] * answer[i];
            left += (double)expected[i] * expected[i];
            right += (double)answer[i] * answer[i];
        }
        return dot / Math.Sqrt(left * right);
    }

    private static string Shown(string text) => text.Length <= 40 ? $"\"{text}\"" : $"\"{text[..40]}...\"";
}
