using System.Text;
using ServeBench.Domain.Storage;

namespace ServeBench.Reports;

/// <summary>
/// report.sha256 of a run's folder: of what its report was rendered, and what came of it. Where both are as they were, rendering once
/// more would write the same bytes. Everything is compared by content; after the first line it is a file for <c>sha256sum --check</c>.
/// It speaks of reports by the program's own criteria, with its own charts, report.html included: others leave none.
/// </summary>
/// <param name="folder">The run. What a report is rendered of is hashed once, now: what changes afterwards is another source.</param>
internal sealed class RenderedReport(RunFolder folder)
{
    public const string FileName = "report.sha256";

    private static readonly string[] Written = ["report.md", "report.html", "results.json"];

    private readonly string? _source = SourceOf(folder);

    private string File => Path.Combine(folder.Path, FileName);

    /// <summary>Whether the report was rendered of exactly what is there now, and is as it was written.</summary>
    public bool IsCurrent() => _source is not null && System.IO.File.Exists(File) && System.IO.File.ReadAllText(File) == Text(_source);

    /// <summary>Notes that the report in the folder was rendered of what was there when this was made.</summary>
    public void Keep()
    {
        if (_source is null) System.IO.File.Delete(File);
        else AtomicFile.WriteTextIfChanged(File, Text(_source));
    }

    /// <summary>
    /// Hash of what a report is made of: the programs with the packages that they use, and every file of the folder but the report's own
    /// and logs, which no report reads.
    /// </summary>
    /// <returns>Null when something of it cannot be read: who renders finds out whether that is needed, and says so.</returns>
    private static string? SourceOf(RunFolder folder)
    {
        try
        {
            using var hash = new ContentHash();
            foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(IsProgram).Order(StringComparer.Ordinal))
                hash.Add(Path.GetFileName(file), ContentHash.OfFile(file));
            return hash.Add("run", ContentHash.OfFolder(folder.Path, IsSource)).Finish();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string Text(string source)
    {
        var text = new StringBuilder($"# rendered of {source}\n");
        string[] charts = Directory.Exists(folder.Charts)
            ? [.. Directory.EnumerateFiles(folder.Charts).Select(f => $"charts/{Path.GetFileName(f)}").Order(StringComparer.Ordinal)]
            : [];
        foreach (var name in Written.Concat(charts))
        {
            var file = Path.Combine(folder.Path, name);
            if (System.IO.File.Exists(file)) text.Append($"{ContentHash.OfFile(file)}  {name}\n");
        }
        return text.ToString();
    }

    private static bool IsSource(string name) =>
        !Written.Contains(name)
        && name != FileName
        && !name.StartsWith("charts/", StringComparison.Ordinal)
        && Path.GetExtension(name) != ".log";

    /// <summary>What packages there are, and which of their versions, is in the program's list of dependencies.</summary>
    private static bool IsProgram(string file) =>
        Path.GetFileName(file) is var name
        && (name.EndsWith(".deps.json", StringComparison.Ordinal)
            || (name.StartsWith("ServeBench.", StringComparison.Ordinal) && name.EndsWith(".dll", StringComparison.Ordinal)));
}
