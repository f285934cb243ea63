namespace ServeBench.Models.References.Generation;

/// <summary>The tokens that follow a prompt when always the one with the highest logit is taken.</summary>
/// <param name="Tokens">Their ids.</param>
/// <param name="Margins">For each, how far the next best logit is below, in standard deviations of that step's logits.</param>
internal sealed record GreedyContinuation(List<int> Tokens, List<double> Margins)
{
    /// <summary>The token with the highest logit, the first of several, and how far the next best is below.</summary>
    /// <param name="logits">One for each token, not all alike.</param>
    public static (int Token, double Margin) Best(ReadOnlySpan<double> logits)
    {
        var best = 0;
        var second = double.NegativeInfinity;
        double sum = 0, squares = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            sum += logits[i];
            squares += logits[i] * logits[i];
            if (i == 0) continue;
            if (logits[i] > logits[best]) (best, second) = (i, logits[best]);
            else if (logits[i] > second) second = logits[i];
        }
        var mean = sum / logits.Length;
        return (best, (logits[best] - second) / Math.Sqrt((squares / logits.Length) - (mean * mean)));
    }
}
