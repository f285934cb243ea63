using ServeBench.Domain.Models;
using ServeBench.Domain.Parity;
using ServeBench.Domain.Trials;

namespace ServeBench.Work;

/// <summary>Compares a stack's answers with the references (method.md, rule 5).</summary>
public static class ParityCheck
{
    /// <param name="work">The kind of work.</param>
    /// <param name="limits">How far apart they may be.</param>
    /// <param name="pairs">Each reference with what the stack answered, or with why there is no answer.</param>
    public static ParityRecord Compare(
        WorkKind work, ParityLimits limits, IReadOnlyList<(Reference Reference, ServedAnswer? Answer, string Problem)> pairs)
    {
        var overall = work.Measures.Select(m => m.IsMean ? 0 : m.Best).ToArray();
        var compared = 0;
        var problems = new List<string>();
        var vectors = new List<string?>();
        foreach (var (reference, answer, problem) in pairs)
        {
            var closeness = answer is null ? Closeness.Not(problem)
                : answer.Items != 1 ? Closeness.Not($"{answer.Items} {work.Nouns.Items} instead of one")
                : work.Compare(reference.Expected, answer, 0);
            vectors.Add(closeness is { Unusable: null, Vector: { } vector } ? VectorText.Of(vector) : null);
            if (closeness.Unusable is { } why)
            {
                problems.Add($"{reference.Shown}: {why}");
                continue;
            }
            compared++;
            for (var i = 0; i < overall.Length; i++)
                overall[i] = work.Measures[i] is { IsMean: true }
                    ? overall[i] + closeness.Values[i]
                    : work.Measures[i].Worse(overall[i], closeness.Values[i]);
            if (!Agrees(work, limits, closeness)) problems.Add($"{reference.Shown}: {Distances(work, limits, closeness)}");
        }
        if (compared > 0) problems.AddRange(Means(work, limits, compared, overall));
        return Record(work, limits, compared, overall, problems, vectors);
    }

    /// <summary>One record for all protocols: the worst of them, and what failed over which.</summary>
    /// <param name="work">The kind of work.</param>
    /// <param name="each">At least one.</param>
    public static ParityRecord Together(WorkKind work, IReadOnlyList<(string Protocol, ParityRecord Parity)> each)
    {
        var first = each[0].Parity;
        var protocols = each.Select(e => e.Protocol).ToArray();
        if (each.Count == 1) return first with { Protocols = protocols };
        return first with
        {
            Passed = each.All(e => e.Parity.Passed),
            Compared = each.Min(e => e.Parity.Compared),
            MaximumDifference = each.Max(e => e.Parity.MaximumDifference),
            LeastCosine = each.Min(e => e.Parity.LeastCosine),
            Measures = first.Measures?.Select(
                (m, i) => m with { Worst = Worst(work.Measures[i], each.Select(e => e.Parity.Measures![i].Worst)) }).ToArray(),
            Detail = string.Join("; ", each.Where(e => !e.Parity.Passed).Select(e => $"over {e.Protocol}: {e.Parity.Detail}")),
            Protocols = protocols,
        };
    }

    /// <summary>Whether an item is as close to what was expected as the limits ask.</summary>
    public static bool Agrees(WorkKind work, ParityLimits limits, Closeness closeness) =>
        closeness.Unusable is null
            && work.Measures.Zip(closeness.Values).All(m => m.First.IsMean || m.First.Allows(m.Second, limits[m.First.Limit.Name]));

    /// <summary>How far an item is from what was expected, for people.</summary>
    public static string Distances(WorkKind work, ParityLimits limits, Closeness closeness) => string.Join(", ",
        work.Measures
            .Zip(closeness.Values)
            .Where(m => !m.First.IsMean)
            .Select(m => $"{m.First.Title} {m.Second:0.######} (limit {limits[m.First.Limit.Name]:0.######})"));

    /// <summary>Divides what has been added up, and says which means are beyond their limits; one answer is no mean.</summary>
    private static IEnumerable<string> Means(WorkKind work, ParityLimits limits, int compared, double[] overall)
    {
        foreach (var (measure, i) in work.Measures.Select((m, i) => (m, i)).Where(m => m.m.IsMean))
        {
            overall[i] /= compared;
            var limit = limits[measure.Limit.Name];
            if (compared > 1 && !measure.Allows(overall[i], limit))
                yield return $"mean {measure.Title} of {compared} answers {overall[i]:0.######} (limit {limit:0.######})";
        }
    }

    private static ParityRecord Record(
        WorkKind work, ParityLimits limits, int compared, double[] overall, List<string> problems, List<string?> vectors)
    {
        double? Of(int measure) => compared == 0 ? null : overall[measure];
        var (difference, cosine) = (At(work, VectorMeasures.Difference), At(work, VectorMeasures.Cosine));
        var isVector = difference >= 0 && cosine >= 0;
        return new ParityRecord(
            problems.Count == 0 && compared > 0,
            compared,
            isVector ? Of(difference) : null,
            isVector ? Of(cosine) : null,
            isVector ? limits[VectorMeasures.Difference.Limit.Name] : null,
            isVector ? limits[VectorMeasures.Cosine.Limit.Name] : null,
            string.Join("; ", problems))
        {
            Measures = isVector
                ? null
                : [.. work.Measures.Select((m, i) => new ParityMeasure(m.Title, Of(i), limits[m.Limit.Name], m.HigherIsBetter))],
            Answers = isVector ? vectors : null,
        };
    }

    private static int At(WorkKind work, Measure measure) => work.Measures.ToList().IndexOf(measure);

    private static double? Worst(Measure measure, IEnumerable<double?> values) =>
        values.OfType<double>().ToArray() is { Length: > 0 } known ? known.Aggregate(measure.Worse) : null;
}
