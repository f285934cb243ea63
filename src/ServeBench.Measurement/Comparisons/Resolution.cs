using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>Which differences a number of trials can resolve at a given spread, before they are made or after.</summary>
public static class Resolution
{
    /// <summary>No more trials than this are ever proposed.</summary>
    public const int MostTrials = 200;

    private const double NineOfTen = 0.9;

    /// <summary>The least difference that matters in practice, for people: <c>5 %</c>.</summary>
    public static string PracticalDifference { get; } = NumberText.Limit(Procedure.PracticalRatio - 1);

    /// <summary>The smallest ratio whose estimate would be called better: the resolvable difference of method.md.</summary>
    /// <param name="spread">Standard deviation of the logarithm of one trial's value within blocks: 0.04 for 4 %.</param>
    /// <param name="stacks">How many are compared, two at least.</param>
    /// <param name="trials">Of each stack, two at least.</param>
    /// <param name="questions">Over how many workloads and levels the question is asked.</param>
    /// <returns>Above 1.05.</returns>
    public static double ResolvableRatio(double spread, int stacks, int trials, int questions = 1) =>
        Math.Exp(Procedure.Published.Threshold + Below(spread, stacks, trials, questions));

    /// <summary>The smallest true ratio that would be called better nine times in ten.</summary>
    public static double SureRatio(double spread, int stacks, int trials, int questions = 1) =>
        Math.Exp(Procedure.Published.Threshold
            + (SelectedBest.Beyond(Reach(spread, stacks, trials, questions), DegreesOfFreedom(stacks, trials), NineOfTen)
                * Error(spread, trials)));

    /// <summary>
    /// Trials of each stack with which an interval reaches no further than 5 % from its estimate; null beyond
    /// <see cref="MostTrials"/>.
    /// </summary>
    public static int? TrialsForPracticalRatio(double spread, int stacks, int questions = 1) =>
        Least(2, trials => Below(spread, stacks, trials, questions) <= Procedure.Published.Threshold);

    /// <summary>
    /// Trials of each stack that would decide a comparison if its estimate and the spread stayed as they are; null when no
    /// feasible number would.
    /// </summary>
    internal static int? TrialsToDecide(Rival rival, int stacks, int candidates, int trials, double level) =>
        Least(Math.Max(2, trials + 1), n =>
        {
            var reach = SelectedBest.Of(stacks, candidates, DegreesOfFreedom(stacks, n), level);
            var error = Math.Sqrt(rival.Variance / n);
            return BestAgainstRest.Decide(
                rival.Estimate - (reach.Below * error), rival.Estimate + (reach.Above * error), Procedure.Published)
                != Results.ComparisonVerdict.Undecided;
        });

    private static double Below(double spread, int stacks, int trials, int questions) =>
        Reach(spread, stacks, trials, questions) * Error(spread, trials);

    /// <summary>In standard errors.</summary>
    private static double Reach(double spread, int stacks, int trials, int questions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(spread);
        ArgumentOutOfRangeException.ThrowIfLessThan(stacks, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(questions, 1);
        return SelectedBest.Of(stacks, 1, DegreesOfFreedom(stacks, trials), Procedure.FamilyLevel / questions).Below;
    }

    private static double Error(double spread, int trials) => spread * Math.Sqrt(2.0 / trials);

    private static int DegreesOfFreedom(int stacks, int trials) => (stacks - 1) * (trials - 1);

    private static int? Least(int from, Func<int, bool> enough)
    {
        if (!enough(MostTrials)) return null;
        var (few, many) = (from - 1, MostTrials);
        while (many - few > 1)
        {
            var middle = (few + many) / 2;
            if (enough(middle)) many = middle;
            else few = middle;
        }
        return many;
    }
}
