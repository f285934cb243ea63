using ServeBench.Domain.Plans;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Wire;
using ServeBench.Measurement.Comparisons;

namespace ServeBench.Runs.Planning;

/// <summary>How much one trial scattered in an earlier run.</summary>
/// <param name="Spread">Standard deviation of its logarithm: 0.04 for 4 %.</param>
/// <param name="Run">The run that showed it.</param>
public sealed record KnownSpread(double Spread, string Run);

/// <summary>Which differences a run will resolve, stated before it measures anything, so that more can be asked for at once.</summary>
internal static class Foresight
{
    /// <summary>
    /// Assumed where no earlier run of this group was measured here: the residual that decision 0106 reckons its power with.
    /// </summary>
    public const double UsualSpread = 0.04;

    /// <returns>A line for each question that compares stacks.</returns>
    /// <param name="plan">What will be done.</param>
    /// <param name="expected">How long it will probably take.</param>
    /// <param name="known">
    /// By question and the metrics that decide it, how much trials scattered here before; null where that is not known.
    /// </param>
    public static IEnumerable<string> Of(RunPlan plan, TimeSpan expected, Func<string, IReadOnlyList<string>, KnownSpread?> known) =>
        from question in KnownQuestions.OfProgram.All
        let cases = plan.Cases.Where(c => c.Scenario.Question == question.CasesOf).ToArray()
        let stacks = cases.Select(c => Track.Label(c.Contender.Stack.Name, c.Contender.Track.Name)).Distinct().Count()
        let planned = Planned(cases)
        let contests = question.CountContests(planned)
        where stacks > 1 && contests > 0
        select Line(question.Id, stacks, plan.Trials, contests, known(question.Id, question.MetricsOf(planned)), expected);

    /// <param name="question">Its id.</param>
    /// <param name="stacks">That are compared, two at least.</param>
    /// <param name="trials">Of each.</param>
    /// <param name="contests">Over how many workloads and levels the question is asked.</param>
    /// <param name="known">How much a trial scatters; null to assume the usual.</param>
    /// <param name="expected">How long all trials will probably take.</param>
    public static string Line(string question, int stacks, int trials, int contests, KnownSpread? known, TimeSpan expected)
    {
        var spread = known?.Spread ?? UsualSpread;
        var basis = $"if a trial scatters by {100 * spread:0.0} %, "
            + $"{(known is null ? "assumed: there is no earlier run of this group here" : $"as in {known.Run}")}";
        var least = trials < 2
            ? "none, since a single trial shows no spread"
            : $"stacks {100 * (Resolution.ResolvableRatio(spread, stacks, trials, contests) - 1):0} % apart";
        var enough = Resolution.TrialsForPracticalRatio(spread, stacks, contests) switch
        {
            null => $"more than {Resolution.MostTrials} trials would be needed to resolve {Resolution.PracticalDifference}",
            { } n when n <= trials => $"intervals will reach no further than {Resolution.PracticalDifference}",
            { } n => $"to resolve {Resolution.PracticalDifference} takes --trials={n}, "
                + $"about {Minutes(expected / trials * n)} instead of {Minutes(expected)}",
        };
        return $"Expected resolvable difference ({question}): {least} ({basis}); {enough}";
    }

    private static IReadOnlyList<PlannedCase> Planned(IEnumerable<Case> cases) =>
    [
        .. cases.Select(c => new PlannedCase(c.Workload.Name, c.Model.Model, c.Scenario.Name, c.Shape.Id, c.Shape is RateSearch)
        {
            IsStreamed = WireFormat.Of(c.Protocol).HasTexts,
        }),
    ];

    private static string Minutes(TimeSpan time) =>
        time.TotalMinutes < 90 ? $"{Math.Max(1, Math.Ceiling(time.TotalMinutes)):0} min" : $"{time.TotalHours:0.0} h";
}
