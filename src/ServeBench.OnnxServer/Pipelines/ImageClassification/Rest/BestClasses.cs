namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Rest;

/// <summary>Chooses the classes of the largest scores.</summary>
internal static class BestClasses
{
    /// <summary>Up to so many, looking at each score once is quicker than sorting them all.</summary>
    private const int Few = 32;

    /// <param name="scores">Of all classes; no score is not a number.</param>
    /// <param name="classes">Receives the best, best first, the lower class first of equal ones; no longer than there are scores.</param>
    public static void Choose(ReadOnlySpan<float> scores, Span<int> classes)
    {
        Span<long> best = stackalloc long[Few];
        if (classes.Length <= Few)
        {
            best = best[..classes.Length];
            ChooseFew(scores, best);
        }
        else
        {
            best = new long[scores.Length];
            for (var i = 0; i < scores.Length; i++) best[i] = Key(scores[i], i);
            best.Sort();
        }
        for (var i = 0; i < classes.Length; i++) classes[i] = (int)(best[i] & int.MaxValue);
    }

    private static void ChooseFew(ReadOnlySpan<float> scores, Span<long> best)
    {
        best.Fill(long.MaxValue);
        for (var i = 0; i < scores.Length; i++)
        {
            var key = Key(scores[i], i);
            if (key >= best[^1]) continue;
            var place = best.Length - 1;
            for (; place > 0 && best[place - 1] > key; place--) best[place] = best[place - 1];
            best[place] = key;
        }
    }

    /// <summary>The smaller, the larger the score; the bits of singles are in their order once negative ones are turned round.</summary>
    private static long Key(float score, int index)
    {
        // Of the two zeros one would come before the other.
        var bits = BitConverter.SingleToInt32Bits(score == 0 ? 0 : score);
        return ((long)~(bits ^ ((bits >> 31) & int.MaxValue)) << 32) | (uint)index;
    }
}
