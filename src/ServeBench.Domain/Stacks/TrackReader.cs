using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Stacks;

/// <summary>Reads the <c>tracks:</c> of stack.yaml.</summary>
internal static class TrackReader
{
    /// <param name="file">The stack's file.</param>
    /// <param name="hosts">The hosts that the stack has sections for: a placeholder must be known to each.</param>
    public static IReadOnlyList<Track> Read(YamlMapping file, IReadOnlyList<ISectionReader> hosts)
    {
        var tracks = new List<Track>();
        foreach (var (name, section) in file.NamedMappings("tracks"))
        {
            if (!Track.Names.Contains(name))
                section.Fault(null, $"no track is called '{name}'", NearestName.Remedy(name, Track.Names));
            var track = new Track(name, section.Text("summary"), section.TextMap("environment"), section.OptionalTexts("arguments"));
            PlaceholdersOfHosts.Check(section, "environment", track.Environment.Values, hosts);
            PlaceholdersOfHosts.Check(section, "arguments", track.Arguments, hosts);
            section.Done();
            tracks.Add(track);
        }
        return [.. tracks.OrderBy(t => t.Name, StringComparer.Ordinal)];
    }
}
