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
    public static IReadOnlyList<IReadOnlyList<int>> Continue(DecoderSession session, IReadOnlyList<int[]> prompts, int steps, int part) =>
        [.. ContinueWithMargins(session, prompts, steps, part).Select(c => c.Tokens)];

    /// <inheritdoc cref="Continue"/>
    /// <returns>The tokens, and for each how far the next best logit is below, in standard deviations of that step's logits.</returns>
    public static IReadOnlyList<(IReadOnlyList<int> Tokens, IReadOnlyList<double> Margins)> ContinueWithMargins(
        DecoderSession session, IReadOnlyList<int[]> prompts, int steps, int part)
    {
        var vocabulary = session.Manifest.Vocabulary;
        using var cache = session.NewCache(prompts.Count, prompts.Max(p => p.Length) + steps);
        var given = prompts.Select(_ => new List<int>()).ToArray();
        var margins = prompts.Select(_ => new List<double>()).ToArray();
        var logits = new float[prompts.Count * vocabulary];
        for (var p = 0; p < prompts.Count; p++)
        {
            for (var at = 0; at < prompts[p].Length; at += part)
            {
                var tokens = prompts[p][at..Math.Min(at + part, prompts[p].Length)];
                session.Run(cache, p, [tokens], [at], [tokens.Length], [tokens.Length - 1], logits.AsSpan(0, vocabulary));
            }
            Take(p, logits.AsSpan(0, vocabulary));
        }
        int[] ones = [.. prompts.Select(_ => 1)];
        long[] all = [.. prompts.Select((_, p) => (long)p)];
        for (var step = 1; step < steps; step++)
        {
            int[] past = [.. prompts.Select(p => p.Length + step - 1)];
            session.Run(cache, 0, [.. given.Select(g => new[] { g[^1] })], past, ones, all, logits);
            for (var p = 0; p < prompts.Count; p++)
                Take(p, logits.AsSpan(p * vocabulary, vocabulary));
        }
        return [.. given.Zip(margins, (tokens, m) => ((IReadOnlyList<int>)tokens, (IReadOnlyList<double>)m))];

        void Take(int prompt, ReadOnlySpan<float> of)
        {
            var best = TensorPrimitives.IndexOfMax(of);
            var second = Math.Max(Max(of[..best]), Max(of[(best + 1)..]));
            given[prompt].Add(best);
            var mean = TensorPrimitives.Sum(of) / of.Length;
            var deviation = Math.Sqrt((TensorPrimitives.SumOfSquares(of) / of.Length) - (mean * mean));
            margins[prompt].Add((of[best] - second) / deviation);
        }

        static float Max(ReadOnlySpan<float> of) => of.IsEmpty ? float.NegativeInfinity : TensorPrimitives.Max(of);
    }
}
