using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>All that cases say about each other, computed from the cases alone.</summary>
/// <param name="Comparisons">Every pair of stacks for every question.</param>
/// <param name="Floors">The noise floor of each question that the twin answered.</param>
/// <param name="Answers">One per question and workload.</param>
public sealed record ComparisonSet(IReadOnlyList<Comparison> Comparisons, IReadOnlyList<NoiseFloor> Floors, IReadOnlyList<Answer> Answers)
{
    /// <param name="cases">In the manifest's order of workloads, scenarios, levels and contenders.</param>
    public static ComparisonSet Of(IReadOnlyList<CaseResult> cases)
    {
        var comparisons = new List<Comparison>();
        var floors = new List<NoiseFloor>();
        var answers = new List<Answer>();
        foreach (var (question, contests) in Families(cases))
        {
            var floor = NoiseFloors.Of(question, contests);
            var judged = new Judge(contests, floor?.Difference).Compare();
            comparisons.AddRange(judged);
            if (floor is not null) floors.Add(floor);
            answers.AddRange(contests.Select(contest => Answering.Of(contest, [.. judged.Where(c => contest.Key == KeyOf(c))])));
        }
        return new ComparisonSet(comparisons, floors, answers);
    }

    private static ContestKey KeyOf(Comparison c) => new(c.Question, c.Workload, c.Model, c.Host, c.Scenario, c.Level);

    private static IEnumerable<(string Question, IReadOnlyList<Contest> Contests)> Families(IReadOnlyList<CaseResult> cases) =>
    [
        (Questions.Capacity, [.. CapacityContests.Of(cases)]),
        (Questions.Latency, [.. LatencyContests.Of(cases)]),
    ];
}
