namespace ServeBench.Synthetic;

/// <summary>
/// Compares generated text with a file that a person has approved. On a difference what was received is written beside it as
/// *.received.*; look at both, and rename it when it is right.
/// </summary>
public static class Approved
{
    /// <param name="received">The text.</param>
    /// <param name="path">The approved file, below the repository's root: <c>name.approved.md</c>, or any file that is generated.</param>
    public static void Check(string received, params string[] path)
    {
        var file = Repository.File(path);
        var place = file.Contains(".approved.", StringComparison.Ordinal)
            ? file.Replace(".approved.", ".received.", StringComparison.Ordinal)
            : Path.Combine(Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}.received{Path.GetExtension(file)}");
        var approved = System.IO.File.Exists(file) ? System.IO.File.ReadAllText(file).ReplaceLineEndings("\n") : null;
        if (approved == received)
        {
            System.IO.File.Delete(place);
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        System.IO.File.WriteAllText(place, received);
        Assert.Fail(approved is null
            ? $"{file} does not exist yet; what would stand there is in {place}"
            : $"{file} differs from {place}, first at line {FirstDifference(approved, received)}");
    }

    private static string FirstDifference(string approved, string received)
    {
        var (a, b) = (approved.Split('\n'), received.Split('\n'));
        var line = Enumerable.Range(0, Math.Min(a.Length, b.Length)).FirstOrDefault(i => a[i] != b[i], Math.Min(a.Length, b.Length));
        return $"{line + 1}: approved '{Shown(a, line)}', received '{Shown(b, line)}'";
    }

    private static string Shown(string[] lines, int line)
    {
        var text = line < lines.Length ? lines[line] : "(the end)";
        return text.Length > 200 ? text[..200] + "..." : text;
    }
}
