using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>All that cases say about each other, computed from the cases alone.</summary>
/// <param name="Comparisons">The best against each of the others, for every question.</param>
/// <param name="Floors">How much trials scatter, per question and workload.</param>
/// <param name="Answers">One per question and workload.</param>
public sealed record ComparisonSet(IReadOnlyList<Comparison> Comparisons, IReadOnlyList<NoiseFloor> Floors, IReadOnlyList<Answer> Answers)
{
    /// <param name="cases">In the manifest's order of workloads, scenarios, levels and contenders.</param>
    /// <param name="furtherLooks">True when trials were added after a look at those before, which costs a smaller level
    /// (<see cref="Racing"/>); trials of more than one run always do.</param>
    /// <param name="questions">What is asked of them; null for the program's own.</param>
    public static ComparisonSet Of(IReadOnlyList<CaseResult> cases, bool furtherLooks = false, KnownQuestions? questions = null)
    {
        var comparisons = new List<Comparison>();
        var floors = new List<NoiseFloor>();
        var answers = new List<Answer>();
        foreach (var contests in Families(cases, questions ?? KnownQuestions.OfProgram))
        {
            var judge = new Judge(contests, furtherLooks);
            foreach (var contest in contests)
            {
                var compared = judge.Compare(contest);
                comparisons.AddRange(compared);
                answers.Add(Answering.Of(contest, compared));
                var (field, result) = judge.Of(contest);
                if (NoiseFloors.Of(contest, field, result, judge.Questions) is { } floor) floors.Add(floor);
            }
        }
        return new ComparisonSet(comparisons, floors, answers);
    }

    /// <summary>The contests of each question.</summary>
    internal static IEnumerable<IReadOnlyList<Contest>> Families(IReadOnlyList<CaseResult> cases, KnownQuestions questions) =>
        [.. questions.All.Select(q => q.Contests(cases).ToArray())];
}
