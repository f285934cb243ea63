using ServeBench.Domain.Models;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Parity;

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
        var compared = 0;
        var problems = new List<string>();
        foreach (var (reference, answer, problem) in pairs)
        {
            if (Unusable(reference, answer, problem) is { } why)
            {
                problems.Add($"{Shown(reference.Text)}: {why}");
                continue;
            }
            compared++;
            var difference = EmbeddingDistance.Difference(reference.Embedding, answer!);
            var cosine = EmbeddingDistance.Cosine(reference.Embedding, answer!);
            worst = Math.Max(worst, difference);
            least = Math.Min(least, cosine);
            if (difference > limits.MaximumDifference || cosine < limits.LeastCosine)
                problems.Add($"{Shown(reference.Text)}: largest difference {difference:0.######} (limit {limits.MaximumDifference:0.######}), cosine {cosine:0.######} (limit {limits.LeastCosine:0.######})");
        }
        return new ParityRecord(
            problems.Count == 0 && compared > 0,
            compared,
            compared == 0 ? null : worst,
            compared == 0 ? null : least,
            limits.MaximumDifference,
            limits.LeastCosine,
            string.Join("; ", problems))
        {
            Answers = [.. pairs.Select(p => Unusable(p.Reference, p.Answer, p.Problem) is null ? EmbeddingText.Of(p.Answer) : null)],
        };
    }

    /// <summary>One record for all protocols: the worst of them, and what failed over which.</summary>
    /// <param name="each">At least one.</param>
    public static ParityRecord Together(IReadOnlyList<(string Protocol, ParityRecord Parity)> each)
    {
        var first = each[0].Parity;
        var protocols = each.Select(e => e.Protocol).ToArray();
        if (each.Count == 1) return first with { Protocols = protocols };
        return first with
        {
            Passed = each.All(e => e.Parity.Passed),
            Compared = each.Min(e => e.Parity.Compared),
            MaximumDifference = each.Max(e => e.Parity.MaximumDifference),
            LeastCosine = each.Min(e => e.Parity.LeastCosine),
            Detail = string.Join("; ", each.Where(e => !e.Parity.Passed).Select(e => $"over {e.Protocol}: {e.Parity.Detail}")),
            Protocols = protocols,
        };
    }

    /// <summary>Why an answer cannot be compared at all; null when it can.</summary>
    private static string? Unusable(ReferenceAnswer reference, float[]? answer, string problem) =>
        answer is null ? problem
        : answer.Length != reference.Embedding.Count ? $"{answer.Length} components instead of {reference.Embedding.Count}"
        : !answer.All(float.IsFinite) ? "a component is no finite number"
        : null;

    /// <summary>Whether one embedding is as close to what was expected as the limits ask.</summary>
    public static bool Agrees(ParityLimits limits, IReadOnlyList<float> expected, float[] answer) =>
        answer.Length == expected.Count && EmbeddingDistance.Difference(expected, answer) <= limits.MaximumDifference && EmbeddingDistance.Cosine(expected, answer) >= limits.LeastCosine;

    private static string Shown(string text) => text.Length <= 40 ? $"\"{text}\"" : $"\"{text[..40]}...\"";
}
