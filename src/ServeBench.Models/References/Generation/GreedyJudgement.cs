namespace ServeBench.Models.References.Generation;

/// <summary>Holds tokens that were generated against a greedy reference.</summary>
public static class GreedyJudgement
{
    /// <summary>
    /// Where tokens first differ and the reference was sure, or -1. From the first near tie that was decided otherwise on, the sequences
    /// are about different texts, and the rest says nothing.
    /// </summary>
    /// <param name="expected">The reference's tokens.</param>
    /// <param name="margins">Its margins, in standard deviations of the logits.</param>
    /// <param name="given">The tokens to judge; fewer than expected are a difference where they end.</param>
    /// <param name="nearTie">A smaller margin is a near tie: either token is right.</param>
    public static int FirstDifference(
        IReadOnlyList<int> expected, IReadOnlyList<double> margins, IReadOnlyList<int> given, double nearTie)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            if (i < given.Count && given[i] == expected[i]) continue;
            return i < given.Count && margins[i] < nearTie ? -1 : i;
        }
        return -1;
    }
}
