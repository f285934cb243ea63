using System.Text.RegularExpressions;

namespace ServeBench.Architecture.Tests;

/// <summary>
/// Which namespaces of a project use types of which others, as its sources say: a file uses a type whose name stands in its code and
/// that is visible there, through a using directive or because it is declared in a namespace around its own.
/// </summary>
internal sealed partial class NamespaceGraph
{
    private readonly Dictionary<string, SortedSet<string>> _uses = [];

    public NamespaceGraph(IEnumerable<(string Name, string Text)> sources)
    {
        var files = sources.Select(f => File.Read(f.Name, f.Text)).ToArray();
        var owners = files.SelectMany(f => f.Declares.Select(type => (type, f.Namespace))).Distinct().ToLookup(t => t.type, t => t.Namespace);
        foreach (var file in files)
        {
            foreach (var owner in file.Words.SelectMany(word => owners[word]).Distinct().Where(o => o != file.Namespace && file.Sees(o)))
            {
                if (!_uses.TryGetValue(file.Namespace, out var uses)) _uses[file.Namespace] = uses = [];
                uses.Add(owner);
                Evidence.TryAdd((file.Namespace, owner), file.Name);
            }
        }
        Namespaces = [.. files.Select(f => f.Namespace).Distinct().Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Namespaces { get; }

    /// <summary>A file of the first namespace that uses the second.</summary>
    public Dictionary<(string From, string To), string> Evidence { get; } = [];

    public IReadOnlyCollection<string> UsesOf(string name) => _uses.GetValueOrDefault(name) ?? [];

    /// <summary>A way through the namespaces that comes back to where it began; empty when there is none.</summary>
    public IReadOnlyList<string> Circle()
    {
        var done = new HashSet<string>();
        foreach (var name in Namespaces)
        {
            if (Search(name, [], done) is { } circle) return circle;
        }
        return [];
    }

    private List<string>? Search(string name, List<string> path, HashSet<string> done)
    {
        if (path.IndexOf(name) is >= 0 and var at) return [.. path[at..], name];
        if (done.Contains(name)) return null;
        path.Add(name);
        foreach (var next in UsesOf(name))
        {
            if (Search(next, path, done) is { } circle) return circle;
        }
        path.RemoveAt(path.Count - 1);
        done.Add(name);
        return null;
    }

    [GeneratedRegex(@"//[^\n]*|""(\\.|[^""\\\n])*""u8", RegexOptions.ExplicitCapture)]
    private static partial Regex NoCode();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (static )?(\w+ = )?(?<name>[\w.]+);\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^((public|internal|sealed|static|abstract|readonly|partial|unsafe|file|ref) )+(class|record struct|record|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(static|partial) [\w<>?\[\]]+ (?<name>\w+)(<\w+>)?\(this ", RegexOptions.ExplicitCapture)]
    private static partial Regex Extension();

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex Word();

    private sealed record File(string Name, string Namespace, IReadOnlyList<string> Declares, HashSet<string> Words, HashSet<string> Usings)
    {
        public static File Read(string name, string text)
        {
            var code = NoCode().Replace(text, "");
            var usings = UsingLine().Matches(code).Select(m => m.Groups["name"].Value).ToHashSet();
            var body = UsingLine().Replace(code, "");
            return new File(
                name,
                NamespaceLine().Match(code) is { Success: true } match ? match.Groups["name"].Value : "",
                [.. Declaration().Matches(body).Concat(Extension().Matches(body)).Select(m => m.Groups["name"].Value)],
                [.. Word().Matches(body).Select(m => m.Value)],
                usings);
        }

        public bool Sees(string other) => Usings.Contains(other) || Namespace.StartsWith(other + ".", StringComparison.Ordinal);
    }
}
