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
        using var cache = session.NewCache(prompts.Count, prompts.Max(p => p.Length) + steps);
        using var calls = new DecoderCalls(session, cache, part);
        var given = prompts.Select(_ => new List<int>()).ToArray();
        var margins = prompts.Select(_ => new List<double>()).ToArray();
        for (var p = 0; p < prompts.Count; p++)
        {
            var prompt = prompts[p];
            for (var at = 0; at < prompt.Length; at += part)
                calls.Part(p, prompt.AsSpan(at, Math.Min(part, prompt.Length - at)), at, asks: at + part >= prompt.Length);
            Take(p, calls.Logits(0));
        }
        var last = new int[prompts.Count];
        var past = prompts.Select(p => p.Length).ToArray();
        for (var step = 1; step < steps; step++)
        {
            for (var p = 0; p < prompts.Count; p++) last[p] = given[p][^1];
            calls.Step(last, past);
            for (var p = 0; p < prompts.Count; p++)
            {
                Take(p, calls.Logits(p));
                past[p]++;
            }
        }
        return [.. given.Zip(margins, (tokens, m) => ((IReadOnlyList<int>)tokens, (IReadOnlyList<double>)m))];

        void Take(int prompt, ReadOnlySpan<float> of)
        {
            var best = TensorPrimitives.IndexOfMax(of);
            var second = Math.Max(Max(of[..best]), Max(of[(best + 1)..]));
            var mean = TensorPrimitives.Sum(of) / of.Length;
            var deviation = Math.Sqrt((TensorPrimitives.SumOfSquares(of) / of.Length) - (mean * mean));
            given[prompt].Add(best);
            margins[prompt].Add((of[best] - second) / deviation);
        }

        static float Max(ReadOnlySpan<float> of) => of.IsEmpty ? float.NegativeInfinity : TensorPrimitives.Max(of);
    }
}
