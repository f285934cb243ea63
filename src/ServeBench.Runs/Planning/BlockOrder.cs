using ServeBench.Domain.Plans;

namespace ServeBench.Runs.Planning;

/// <summary>
/// The order of a block, balanced over blocks (Williams, 1949): over a full square everything is once in every place, and follows
/// everything else equally often, so that neither place nor predecessor favours anyone. Fewer blocks than that come in pairs of an
/// order and its reverse, in which all have the same place on average.
/// </summary>
public static class BlockOrder
{
    /// <summary>Up to so many, an odd number of blocks is likelier to be a whole square than a run of pairs.</summary>
    private const int Few = 5;

    /// <summary>The items in the order of a block; who is who in the square, and where in it the run begins, the seed decides.</summary>
    /// <param name="items">In any order.</param>
    /// <param name="name">Unique for each.</param>
    /// <param name="seed">Equal seeds give equal orders.</param>
    /// <param name="block">From 1.</param>
    public static IReadOnlyList<T> Of<T>(IEnumerable<T> items, Func<T, string> name, long seed, int block)
    {
        T[] labelled = [.. items.OrderBy(item => Seeds.Derive(seed, name(item))).ThenBy(name, StringComparer.Ordinal)];
        if (labelled.Length < 2) return labelled;
        var rows = labelled.Length % 2 == 0 ? labelled.Length : 2 * labelled.Length;
        var first = (int)(Seeds.Derive(seed, "first block") % labelled.Length);
        return [.. Row(labelled.Length, first, (block - 1) % rows).Select(i => labelled[i])];
    }

    /// <param name="count">How many there are.</param>
    /// <param name="first">Where the run begins.</param>
    /// <param name="row">From 0: which of the square's rows; of an odd number there are two squares, one the other's reverse.</param>
    private static IEnumerable<int> Row(int count, int first, int row)
    {
        if (count % 2 == 0) return Cyclic(count, first + (row / 2) + (row % 2 * count / 2));
        if (count <= Few) return row < count ? Cyclic(count, first + row) : Cyclic(count, first + row - count).Reverse();
        return row % 2 == 0 ? Cyclic(count, first + (row / 2)) : Cyclic(count, first + (row / 2)).Reverse();
    }

    /// <summary>0, 1, n-1, 2, n-2, ..., each moved on by the same.</summary>
    private static int[] Cyclic(int count, int by) =>
        [.. Enumerable.Range(0, count).Select(i => ((i % 2 == 1 ? (i + 1) / 2 : (count - (i / 2)) % count) + by) % count)];
}
