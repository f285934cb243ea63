namespace ServeBench.Hosts;

/// <summary>Puts a track's variables over those of a host's section.</summary>
internal static class Overlay
{
    /// <returns>All names of both; where both have one, the second's value. In ordinal order, so that commands are the same every
    /// time.</returns>
    public static SortedDictionary<string, string> Overlaid(
        this IReadOnlyDictionary<string, string> below, IReadOnlyDictionary<string, string> above)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in below.Concat(above)) all[name] = value;
        return all;
    }
}
