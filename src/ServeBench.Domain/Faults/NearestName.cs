namespace ServeBench.Domain.Faults;

/// <summary>Finds the known name that a misspelt one was probably meant to be.</summary>
public static class NearestName
{
    /// <returns>The nearest of <paramref name="known"/>, or null when none is near enough to be a plausible misspelling.</returns>
    public static string? Of(string given, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var name in known)
        {
            var distance = Distance(given.ToLowerInvariant(), name.ToLowerInvariant());
            if (name.StartsWith(given, StringComparison.OrdinalIgnoreCase) && given.Length >= 3) distance = Math.Min(distance, 1);
            if (distance < bestDistance) (best, bestDistance) = (name, distance);
        }
        return best is not null && bestDistance <= Math.Max(2, best.Length / 3) ? best : null;
    }

    /// <summary>
    /// A remedy sentence: the nearest name when there is one, and the known ones when they are few enough to read.
    /// </summary>
    public static string Remedy(string given, IReadOnlyCollection<string> known)
    {
        var nearest = Of(given, known);
        var list = known.Count is > 0 and <= 24 ? $"known: {string.Join(", ", known)}" : "";
        if (nearest is null) return list.Length > 0 ? char.ToUpperInvariant(list[0]) + list[1..] : "";
        return list.Length > 0 && known.Count > 1 ? $"Did you mean {nearest}? ({list})" : $"Did you mean {nearest}?";
    }

    /// <summary>Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var least = Math.Min(substitution, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    least = Math.Min(least, table[i - 2, j - 2] + 1);
                table[i, j] = least;
            }
        }
        return table[a.Length, b.Length];
    }
}
