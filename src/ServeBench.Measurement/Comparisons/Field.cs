using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// The entries of a contest that share blocks, so that they can be compared within blocks. Trials of different runs share none,
/// so they never decide anything between each other (method.md, rule 13).
/// </summary>
/// <param name="Entries">Two at least, or none.</param>
/// <param name="Observations">Stacks are numbered as the entries.</param>
/// <param name="Blocks">How many.</param>
internal sealed record Field(IReadOnlyList<Entry> Entries, IReadOnlyList<Observation> Observations, int Blocks)
{
    /// <summary>The largest part of the contest that hangs together by blocks; the first of equal ones.</summary>
    public static Field Of(Contest contest)
    {
        Entry[] standing = [.. contest.Entries.Where(e => e.Values.Count > 0)];
        var parts = new List<List<Entry>>();
        foreach (var entry in standing)
        {
            var touched = parts.Where(p => p.Exists(e => SharesBlock(e, entry))).ToArray();
            parts.RemoveAll(p => Array.IndexOf(touched, p) >= 0);
            parts.Add([.. touched.SelectMany(p => p), entry]);
        }
        var largest = parts.OrderByDescending(p => p.Count).ThenByDescending(p => p.Sum(e => e.Values.Count)).FirstOrDefault();
        return largest is { Count: > 1 } ? Of(contest, [.. standing.Where(largest.Contains)], e => e.Values) : new Field([], [], 0);
    }

    /// <summary>Numbers stacks and blocks.</summary>
    public static Field Of(Contest contest, IReadOnlyList<Entry> entries, Func<Entry, IReadOnlyList<BlockedValue>> values)
    {
        var blocks = entries.SelectMany(values).Select(v => v.Block).Distinct().Select((b, i) => (b, i)).ToDictionary(x => x.b, x => x.i);
        return new Field(
            entries,
            [.. entries.SelectMany((e, s) => values(e).Select(v => new Observation(s, blocks[v.Block], contest.Merit(v.Value))))],
            blocks.Count);
    }

    /// <summary>Differences of two entries' mean merits, in each block that both took part in.</summary>
    public IReadOnlyList<double> Differences(int first, int second)
    {
        var means = Observations.GroupBy(o => (o.Stack, o.Block)).ToDictionary(g => g.Key, g => g.Average(o => o.Value));
        return [.. Enumerable.Range(0, Blocks)
            .Where(b => means.ContainsKey((first, b)) && means.ContainsKey((second, b)))
            .Select(b => means[(first, b)] - means[(second, b)])];
    }

    private static bool SharesBlock(Entry one, Entry other) =>
        one.Values.Select(v => v.Block).Intersect(other.Values.Select(v => v.Block)).Any();
}
