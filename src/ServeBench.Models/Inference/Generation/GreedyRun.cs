using System.Numerics.Tensors;

namespace ServeBench.Models.Inference.Generation;

/// <summary>
/// Continues prompts by the token with the highest logit: each prompt in parts of its own, then all together step by step.
/// </summary>
public static class GreedyRun
{
    /// <param name="session">The model.</param>
    /// <param name="prompts">Token ids, at least one each.</param>
    /// <param name="steps">Tokens that are added to each.</param>
    /// <param name="part">The most tokens of a prompt that go in at once.</param>
    public static IReadOnlyList<IReadOnlyList<int>> Continue(DecoderSession session, IReadOnlyList<int[]> prompts, int steps, int part)
    {
        var vocabulary = session.Manifest.Vocabulary;
        using var cache = session.NewCache(prompts.Count, prompts.Max(p => p.Length) + steps);
        var given = prompts.Select(_ => new List<int>()).ToArray();
        var logits = new float[prompts.Count * vocabulary];
        for (var p = 0; p < prompts.Count; p++)
        {
            for (var at = 0; at < prompts[p].Length; at += part)
            {
                var tokens = prompts[p][at..Math.Min(at + part, prompts[p].Length)];
                session.Run(cache, p, [tokens], [at], [tokens.Length], [tokens.Length - 1], logits.AsSpan(0, vocabulary));
            }
            given[p].Add(TensorPrimitives.IndexOfMax<float>(logits.AsSpan(0, vocabulary)));
        }
        int[] ones = [.. prompts.Select(_ => 1)];
        long[] all = [.. prompts.Select((_, p) => (long)p)];
        for (var step = 1; step < steps; step++)
        {
            int[] past = [.. prompts.Select(p => p.Length + step - 1)];
            session.Run(cache, 0, [.. given.Select(g => new[] { g[^1] })], past, ones, all, logits);
            for (var p = 0; p < prompts.Count; p++)
                given[p].Add(TensorPrimitives.IndexOfMax<float>(logits.AsSpan(p * vocabulary, vocabulary)));
        }
        return given;
    }
}
