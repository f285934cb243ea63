namespace ServeBench.Hosts.Images;

/// <summary>What of a Dockerfile has to be known before it is built.</summary>
internal static class Dockerfile
{
    /// <summary>The base images that it names, in order, each once; its own stages and the empty image left out.</summary>
    public static IReadOnlyList<string> Bases(string text)
    {
        var stages = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "scratch" };
        var bases = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            // FROM [--platform=...] image [AS name]
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !words[0].Equals("FROM", StringComparison.OrdinalIgnoreCase)) continue;
            var image = words.Skip(1).FirstOrDefault(w => !w.StartsWith("--", StringComparison.Ordinal));
            if (image is not null && !stages.Contains(image) && !bases.Contains(image)) bases.Add(image);
            if (words.Length >= 4 && words[^2].Equals("AS", StringComparison.OrdinalIgnoreCase)) stages.Add(words[^1]);
        }
        return bases;
    }
}
