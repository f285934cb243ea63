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
        using var cache = session.NewCache(prompts.Count, prompts.Max(p => p.Length) + steps);
        using var calls = new DecoderCalls(session, cache, part);
        var given = prompts.Select(_ => new List<int>()).ToArray();
        for (var p = 0; p < prompts.Count; p++)
        {
            var prompt = prompts[p];
            for (var at = 0; at < prompt.Length; at += part)
                calls.Part(p, prompt.AsSpan(at, Math.Min(part, prompt.Length - at)), at, asks: at + part >= prompt.Length);
            given[p].Add(TensorPrimitives.IndexOfMax<float>(calls.Logits(0)));
        }
        var last = new int[prompts.Count];
        var past = prompts.Select(p => p.Length).ToArray();
        for (var step = 1; step < steps; step++)
        {
            for (var p = 0; p < prompts.Count; p++) last[p] = given[p][^1];
            calls.Step(last, past);
            for (var p = 0; p < prompts.Count; p++)
            {
                given[p].Add(TensorPrimitives.IndexOfMax<float>(calls.Logits(p)));
                past[p]++;
            }
        }
        return given;
    }
}
