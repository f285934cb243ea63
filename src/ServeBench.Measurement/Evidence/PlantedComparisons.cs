using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Evidence;

/// <summary>Counts what comparisons of two stacks say whose true ratio is known.</summary>
/// <param name="best">The stack that is better, or either one where they are equal.</param>
/// <param name="truth">How many times as good it is: 1 where they are equal.</param>
public sealed class PlantedComparisons(string best, double truth)
{
    private int _covered;

    /// <summary>The heading of <see cref="Row"/>.</summary>
    public static IReadOnlyList<string> Heading { get; } =
        ["trials", "better stack found", "wrong winner", "equivalent", "undecided", "not compared", "truth in the interval"];

    public int Count { get; private set; }

    /// <summary>Times that the better one was called better.</summary>
    public int Found { get; private set; }

    /// <summary>Times that one was called better that is not.</summary>
    public int Wrong { get; private set; }

    public int Equivalent { get; private set; }

    public int Undecided { get; private set; }

    public int NotCompared { get; private set; }

    /// <summary>Counts one more.</summary>
    /// <returns>How many times as good the better stack looks; null when they were not compared.</returns>
    public double? Add(Comparison comparison)
    {
        Count++;
        var isBest = comparison.First.Stack == best;
        switch (comparison.Verdict)
        {
            case ComparisonVerdict.Better when isBest && truth > 1:
                Found++;
                break;
            case ComparisonVerdict.Better:
                Wrong++;
                break;
            case ComparisonVerdict.Equivalent:
                Equivalent++;
                break;
            case ComparisonVerdict.Undecided:
                Undecided++;
                break;
            default:
                NotCompared++;
                return null;
        }
        var expected = isBest ? truth : 1 / truth;
        if (comparison.Low <= expected && expected <= comparison.High) _covered++;
        return isBest ? comparison.Ratio : 1 / comparison.Ratio;
    }

    /// <summary>The counts as a row of a table, shares with their exact 95 % intervals.</summary>
    /// <param name="trials">Trials of each stack in every comparison.</param>
    public IReadOnlyList<string> Row(int trials) =>
    [
        $"{trials}",
        truth > 1 ? Share(Found) : "there is none",
        Share(Wrong),
        $"{Equivalent}",
        $"{Undecided}",
        $"{NotCompared}",
        Share(_covered),
    ];

    private string Share(int count)
    {
        var (low, high) = ShareInterval.Of(count, Count);
        return FormattableString.Invariant($"{count} of {Count} ({low * 100:0.0} to {high * 100:0.0} %)");
    }
}
