using System.Numerics.Tensors;

namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>Chooses the token that follows.</summary>
internal static class TokenChoice
{
    /// <param name="logits">One for each token; may be overwritten.</param>
    /// <param name="room">As much memory, to work in.</param>
    /// <param name="settings">How to choose.</param>
    /// <param name="random">Draws, where the temperature is above 0.</param>
    /// <param name="token">The token.</param>
    /// <param name="logprob">The logarithm of its probability at temperature 1, where the settings ask for it.</param>
    /// <returns>False where the logits are no finite numbers.</returns>
    public static bool TryChoose(
        Span<float> logits, Span<float> room, in GenerationSettings settings, Random? random, out int token, out float logprob)
    {
        logprob = 0;
        // The first of those that are no numbers counts as the largest.
        token = TensorPrimitives.IndexOfMax<float>(logits);
        var best = logits[token];
        if (!float.IsFinite(best)) return false;
        if (random is null && !settings.WantsLogprobs) return true;
        TensorPrimitives.Subtract<float>(logits, best, logits);
        if (settings.WantsLogprobs) TensorPrimitives.Exp<float>(logits, room);
        var logOfSum = settings.WantsLogprobs ? MathF.Log(TensorPrimitives.Sum<float>(room[..logits.Length])) : 0;
        if (random is not null) token = Draw(logits, room[..logits.Length], settings, random);
        if (settings.WantsLogprobs) logprob = logits[token] - logOfSum;
        return true;
    }

    /// <summary>Draws out of the most probable tokens that have the wanted probability together.</summary>
    private static int Draw(ReadOnlySpan<float> logits, Span<float> weights, in GenerationSettings settings, Random random)
    {
        TensorPrimitives.Divide<float>(logits, (float)settings.Temperature, weights);
        TensorPrimitives.Exp<float>(weights, weights);
        var total = TensorPrimitives.Sum<float>(weights);
        var least = settings.TopP < 1 ? LeastOfMost(weights, total * settings.TopP, out total) : 0;
        var left = random.NextDouble() * total;
        var last = 0;
        for (var token = 0; token < weights.Length; token++)
        {
            if (weights[token] < least || weights[token] == 0) continue;
            last = token;
            left -= weights[token];
            if (left < 0) break;
        }
        return last;
    }

    /// <summary>The least weight of the greatest ones that come to a sum.</summary>
    private static float LeastOfMost(ReadOnlySpan<float> weights, double sum, out float total)
    {
        var sorted = weights.ToArray();
        sorted.AsSpan().Sort();
        total = 0;
        var i = sorted.Length;
        do total += sorted[--i];
        while (i > 0 && total < sum);
        var least = sorted[i];
        // Several of one weight are in or out together.
        while (i > 0 && sorted[i - 1] == least) total += sorted[--i];
        return least;
    }
}
