namespace ServeBench.Hosts.Images;

/// <summary>Where this machine gets Debian's packages from, and so where another release of Debian can be obtained.</summary>
internal static class AptSources
{
    /// <summary>It is no release, and has no updates beside it.</summary>
    public const string Unstable = "sid";

    /// <summary>Lines as sources.list has them, for another release from the same archives.</summary>
    /// <param name="root">The root of the file system; tests have their own.</param>
    /// <param name="suite">The release's code name: <c>trixie</c>.</param>
    /// <returns>Nothing when this is no Debian with sources of its own.</returns>
    public static IReadOnlyList<string> For(string suite, string root = "/")
    {
        if (CodeName(root) is not { } own) return [];
        var lines = from entry in Entries(root)
                    from used in entry.Suites
                    where used == own || (suite != Unstable && used.StartsWith(own + "-", StringComparison.Ordinal))
                    where entry.Components.Contains("main")
                    select $"deb {entry.Uri} {suite}{used[own.Length..]} main";
        // Backports and proposed updates are not what a release is.
        return [.. lines
            .Where(l => !l.Contains("backports", StringComparison.Ordinal) && !l.Contains("proposed", StringComparison.Ordinal))
            .Distinct()];
    }

    private static string? CodeName(string root)
    {
        var file = $"{root}etc/os-release";
        if (!File.Exists(file) || !File.ReadLines(file).Contains("ID=debian")) return null;
        return File
            .ReadLines(file)
            .FirstOrDefault(l => l.StartsWith("VERSION_CODENAME=", StringComparison.Ordinal))?["VERSION_CODENAME=".Length..].Trim('"');
    }

    private static IEnumerable<Entry> Entries(string root)
    {
        var folder = $"{root}etc/apt/sources.list.d";
        var files = (Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
            .Prepend($"{root}etc/apt/sources.list")
            .Where(File.Exists);
        return files.SelectMany(
            f => f.EndsWith(".sources", StringComparison.Ordinal) ? Stanzas(File.ReadAllText(f)) : Lines(File.ReadAllLines(f)));
    }

    /// <summary>The one-line form: deb [options] uri suite component...</summary>
    private static IEnumerable<Entry> Lines(string[] lines)
    {
        foreach (var line in lines.Where(l => l.StartsWith("deb ", StringComparison.Ordinal)))
        {
            var rest = line.IndexOf(']', StringComparison.Ordinal) is var end and >= 0 ? line[(end + 1)..] : line["deb ".Length..];
            var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 3) yield return new Entry(words[0], [words[1]], words[2..]);
        }
    }

    /// <summary>The form of stanzas (deb822).</summary>
    private static IEnumerable<Entry> Stanzas(string text)
    {
        foreach (var stanza in text.ReplaceLineEndings("\n").Split("\n\n"))
        {
            var fields = stanza.Split('\n').Where(l => !l.StartsWith('#') && l.Contains(':', StringComparison.Ordinal))
                .GroupBy(l => l[..l.IndexOf(':', StringComparison.Ordinal)].Trim(), StringComparer.OrdinalIgnoreCase)
                .ToDictionary(
                    g => g.Key,
                    g => g.First()[(g.First().IndexOf(':', StringComparison.Ordinal) + 1)..].Split(
                        ' ', StringSplitOptions.RemoveEmptyEntries),
                    StringComparer.OrdinalIgnoreCase);
            string[] Field(string key) => fields.GetValueOrDefault(key) ?? [];
            if (!Field("Types").Contains("deb") || Field("Enabled") is ["no"]) continue;
            foreach (var uri in Field("URIs")) yield return new Entry(uri, Field("Suites"), Field("Components"));
        }
    }

    private sealed record Entry(string Uri, IReadOnlyList<string> Suites, IReadOnlyList<string> Components);
}
