using ServeBench.Domain.Faults;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ServeBench.Domain.Yaml;

/// <summary>Opens one catalogue file for strict reading.</summary>
public static class YamlFile
{
    /// <summary>Catalogue files are small; a larger one is a mistake and would only be read to be refused.</summary>
    public const int MaximumBytes = 1 << 20;

    /// <summary>Reads a file whose top level is a mapping.</summary>
    /// <param name="path">The file to read.</param>
    /// <param name="shownAs">How faults name the file: relative to the repository.</param>
    /// <param name="faults">Where what is wrong is collected.</param>
    /// <returns>The mapping, or null when the file cannot be read at all; the reason is then in <paramref name="faults"/>.</returns>
    public static YamlMapping? Read(string path, string shownAs, FaultList faults)
    {
        string text;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaximumBytes } file)
            {
                faults.Add(new Fault(
                    shownAs, null, null, $"the file has {file.Length} bytes, the limit is {MaximumBytes}", "Is this a catalogue file?"));
                return null;
            }
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new Fault(shownAs, null, null, $"the file cannot be read: {e.Message}"));
            return null;
        }
        return Parse(text, shownAs, faults, Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    /// <summary>As <see cref="Read"/>, from text.</summary>
    /// <param name="folder">Where the file lies; null for text that has no file.</param>
    public static YamlMapping? Parse(string text, string shownAs, FaultList faults, string? folder = null)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            faults.Add(new Fault(shownAs, (int)e.Start.Line, null, $"this is not valid YAML: {Innermost(e)}"));
            return null;
        }
        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode root)
        {
            faults.Add(new Fault(shownAs, 1, null, "the file must hold one mapping (lines of the form `key: value`)"));
            return null;
        }
        return new YamlMapping(shownAs, "", root, faults) { Folder = folder };
    }

    private static string Innermost(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        return e.Message;
    }
}
