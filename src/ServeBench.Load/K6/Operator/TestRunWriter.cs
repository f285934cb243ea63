using ServeBench.Load.K6.Finding;
using ServeBench.Load.K6.Scripts;

namespace ServeBench.Load.K6.Operator;

/// <summary>Writes a manifest for the k6-operator, which runs one script on several machines.</summary>
/// <param name="template">Path of the template.</param>
public sealed class TestRunWriter(string template)
{
    /// <summary>Runners of a manifest as written; a person changes the number.</summary>
    private const int Parallelism = 2;

    /// <summary>What Kubernetes takes in one ConfigMap, less what surrounds the files.</summary>
    private const long MostBytes = 1_000_000;

    private readonly TemplateFolder _templates = new(Path.GetDirectoryName(template)!);

    /// <summary>Writes the manifest beside the script.</summary>
    /// <param name="title">For people.</param>
    /// <param name="script">Path of the script.</param>
    /// <param name="files">Names of the files beside it that it reads.</param>
    /// <param name="host">Where the server is, seen from the runners.</param>
    /// <returns>Path of the manifest.</returns>
    public string Write(string title, string script, IReadOnlyList<string> files, string host)
    {
        var folder = Path.GetDirectoryName(script)!;
        string[] all = [Path.GetFileName(script), .. files];
        var manifest = Path.ChangeExtension(script, ".testrun.yaml");
        File.WriteAllText(manifest, _templates.Render(Path.GetFileName(template), new Dictionary<string, object>
        {
            ["title"] = title,
            ["name"] = Name(Path.GetFileNameWithoutExtension(script)),
            ["manifest"] = Path.GetFileName(manifest),
            ["script"] = all[0],
            ["files"] = all,
            ["tooLarge"] = all.Sum(f => new FileInfo(Path.Combine(folder, f)).Length) > MostBytes,
            ["parallelism"] = Parallelism,
            ["image"] = $"grafana/k6:{K6Release.Pinned}",
            ["host"] = host,
        }));
        return manifest;
    }

    /// <summary>
    /// A name that Kubernetes takes (RFC 1123): lower-case letters, digits and dashes, at most 50 of them so that runners can add
    /// to it.
    /// </summary>
    internal static string Name(string text)
    {
        var name = string.Join(
            '-',
            string
                .Concat(text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' '))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return (name.Length <= 50 ? name : name[..50]).TrimEnd('-');
    }
}
