using System.Text;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Wording;

namespace ServeBench.Build.Listings;

/// <summary>
/// All stacks in tables: what each serves, where, and what is known of it. Also the page docs/stacks.md, which is generated.
/// </summary>
public static class StackPage
{
    private static readonly string[] Heading = ["stack", "groups", "hosts", "tracks", "protocols", "complexity", "state"];

    /// <summary>A row for each stack, below the headings.</summary>
    public static IReadOnlyList<string[]> Rows(Catalogue catalogue) => [Heading, .. catalogue.Stacks.Select(Row)];

    /// <summary>A row for each stack, below the headings: what its server is able to do.</summary>
    public static IReadOnlyList<string[]> FeatureRows(Catalogue catalogue) =>
    [
        ["stack", .. StackEvidence.KnownFeatures],
        .. catalogue.Stacks.Select(
            s => (string[])[s.Name, .. StackEvidence.KnownFeatures.Select(f => s.Features.Contains(f) ? "yes" : "")]),
    ];

    /// <summary>How many of them are known in which way: <c>6 run for real, 11 ...</c>.</summary>
    public static string Counts(Catalogue catalogue) => string.Join(
        ", ",
        StackEvidence.Kinds
            .Select(k => (Kind: k, Count: catalogue.Stacks.Count(s => (s.Evidence?.Kind ?? StackEvidence.Kinds[^1]) == k)))
            .Select(k => $"{k.Count} {Words(k.Kind)}"));

    /// <summary>The page, in Markdown.</summary>
    public static string Document(Catalogue catalogue)
    {
        var page = new StringBuilder();
        page.Append(
            $$"""
            # Stacks

            Generated from the folders in `src/stacks`; a test keeps it current. `./build.sh --target=List --stacks` prints the same.

            {{Plural.Of(catalogue.Stacks.Count, "stack")}}: {{Counts(catalogue)}}.
            *Run* is deployed and measured by this pipeline. *Recorded* is a server of another maker that was run elsewhere: its
            folder says what was seen of it, its recorded answers are held against its rules, and a stand-in that behaves as it does
            is deployed, loaded, counted and ended by the tests; the server itself has not been run by this pipeline yet.
            *Documented* is the same from its documentation or source alone. Complexity is from 1 (one file, one command) to 10 (a
            cluster and a team).


            """);
        Table(page, Rows(catalogue));
        page.Append(
            """

            ## What the servers are able to do

            As their documentation says; whether this repository's setting of a stack makes use of it stands in its folder.


            """);
        Table(page, FeatureRows(catalogue));
        return page.ToString();
    }

    private static string[] Row(Stack stack) =>
    [
        stack.Name,
        string.Join(", ", stack.Groups),
        string.Join(", ", stack.Hosts.Keys.Order(StringComparer.Ordinal)),
        string.Join(", ", stack.Tracks.Select(t => t.Name).Distinct()),
        string.Join(", ", stack.Protocols),
        $"{stack.Complexity.Score}",
        State(stack),
    ];

    private static string State(Stack stack)
    {
        if (stack.Evidence is not { } evidence) return Words(StackEvidence.Kinds[^1]);
        var version = evidence.Version is { } v ? $"version {v}" : "";
        var day = evidence.On is { } on ? $"on {on}" : "";
        return string.Join(", ", new[] { Words(evidence.Kind), version, day }.Where(t => t.Length > 0));
    }

    private static string Words(string kind) => kind switch
    {
        "run" => "run for real",
        "recorded" => "recorded, not yet run here",
        _ => "documented, not yet run",
    };

    private static void Table(StringBuilder page, IReadOnlyList<string[]> rows)
    {
        void Line(IEnumerable<string> cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        Line(rows[0]);
        Line(rows[0].Select(_ => "---"));
        foreach (var row in rows.Skip(1)) Line([$"[{row[0]}](../src/stacks/{row[0]}/README.md)", .. row.Skip(1)]);
    }
}
