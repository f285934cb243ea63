using ServeBench.Domain.Progress;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;

namespace ServeBench.Runs.Storing;

/// <summary>Results that were not measured now.</summary>
/// <param name="Count">How many, at least one.</param>
/// <param name="Youngest">How long ago the last of them was measured.</param>
/// <param name="Oldest">How long ago the first of them was.</param>
public sealed record ReusedResults(int Count, TimeSpan Youngest, TimeSpan Oldest)
{
    /// <returns>Null when there are none.</returns>
    public static ReusedResults? Of(IReadOnlyCollection<TrialRecord> trials, DateTimeOffset now) => trials.Count == 0
        ? null
        : new ReusedResults(trials.Count, now - trials.Max(t => t.StartedUtc), now - trials.Min(t => t.StartedUtc));

    /// <summary><c>9 results, measured 1 h 2 min to 1 h 40 min ago</c>.</summary>
    public override string ToString() => $"{Plural.Of(Count, "result")}, measured {AgeText.Of(Youngest, Oldest)} ago";
}
