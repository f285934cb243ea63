namespace ServeBench.Runs.Planning;

/// <summary>The random order of a block: the same for the same seed, everywhere.</summary>
public static class BlockOrder
{
    /// <summary>
    /// Orders by a hash of the seed, the block and each name. Unlike a shuffle, taking one contender away leaves the others in
    /// the same order, so that partial runs stay comparable.
    /// </summary>
    public static IReadOnlyList<T> Shuffled<T>(IEnumerable<T> items, Func<T, string> name, long seed, int block) =>
        [.. items.OrderBy(item => Seeds.Derive(seed, $"block {block}: {name(item)}")).ThenBy(name, StringComparer.Ordinal)];
}
