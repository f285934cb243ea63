using System.Text.RegularExpressions;

namespace ServeBench.Reports.Publishing;

/// <summary>Takes the paths of the machine that measured, and with them the name of who did, out of what a run has written down.</summary>
/// <param name="named">Absolute paths, each with what stands for it.</param>
public sealed class MachinePaths(IReadOnlyList<(string Path, string Instead)> named)
{
    private static readonly char[] Separators = ['/', '\\'];

    private readonly (Regex Path, string Instead)[] _named =
    [
        .. named
            .Select(n => (Path: n.Path.TrimEnd(Separators), n.Instead))
            .Where(n => n.Path.Length > 1)
            // The longest first: a checkout may lie in a home folder.
            .OrderByDescending(n => n.Path.Length)
            .SelectMany(n => Spellings(n.Path).Select(p => (Pattern(p), n.Instead))),
    ];

    /// <summary>
    /// Those of this process: the checkout is <c>.</c>, the home folder <c>~</c>, that of temporary files <c>$TMPDIR</c>.
    /// </summary>
    /// <param name="root">The checkout.</param>
    public static MachinePaths OfThisMachine(string root) => new(
    [
        (root, "."),
        (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "~"),
        (Path.GetTempPath(), "$TMPDIR"),
    ]);

    public string RemoveFrom(string text)
    {
        foreach (var (path, instead) in _named) text = path.Replace(text, instead.Replace("$", "$$", StringComparison.Ordinal));
        return text;
    }

    /// <summary>As it is, and as JSON writes it.</summary>
    private static IEnumerable<string> Spellings(string path) =>
        ((string[])[path.Replace("\\", "\\\\", StringComparison.Ordinal), path]).Distinct();

    /// <summary>Not within a longer name: /root is no part of /rootless or of /srv/root.</summary>
    private static Regex Pattern(string path) => new($@"(?<![\w.-]){Regex.Escape(path)}(?![\w-])", RegexOptions.CultureInvariant);
}
