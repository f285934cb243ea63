using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Catalogues;

/// <summary>
/// Reads a section of a catalogue file whose keys belong to a plug-in (a host's section of stack.yaml, an architecture's
/// section of model.yaml), so that those are read as strictly as everything else and Domain need not know them.
/// </summary>
public interface ISectionReader
{
    /// <summary>The name by which a file chooses this reader: the host's or the architecture's.</summary>
    string Name { get; }

    /// <summary>The <c>${name}</c> placeholders that texts of this plug-in may hold; a stack's tracks are checked against them.</summary>
    IReadOnlyCollection<string> Placeholders => [];

    /// <summary>
    /// Reads every key of the section, adding faults for what is wrong, and calls <see cref="YamlMapping.Done"/>.
    /// The result is opaque to the catalogue; the plug-in that made it casts it back.
    /// </summary>
    /// <param name="section">The section.</param>
    /// <param name="folder">Absolute path of the folder of the file, for paths relative to it.</param>
    object Read(YamlMapping section, string folder);
}
