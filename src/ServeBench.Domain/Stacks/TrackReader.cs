using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Stacks;

/// <summary>Reads the <c>tracks:</c> of stack.yaml.</summary>
internal static class TrackReader
{
    private const string Groups = "groups";

    /// <param name="file">The stack's file.</param>
    /// <param name="groups">The groups of workloads that it serves.</param>
    /// <param name="hosts">The hosts that the stack has sections for: a placeholder must be known to each.</param>
    public static IReadOnlyList<Track> Read(YamlMapping file, IReadOnlyList<string> groups, IReadOnlyList<ISectionReader> hosts)
    {
        var tracks = new List<Track>();
        foreach (var (name, section) in file.NamedMappings("tracks"))
        {
            if (!Track.Names.Contains(name))
                section.Fault(null, $"no track is called '{name}'", NearestName.Remedy(name, Track.Names));
            foreach (var (group, own) in section.Has(Groups) ? section.NamedMappings(Groups) : [])
            {
                if (!groups.Contains(group))
                    own.Fault(null, $"the stack does not serve {group}", NearestName.Remedy(group, groups));
                tracks.Add(One(name, own, hosts) with { Group = group });
            }
            tracks.Add(One(name, section, hosts));
        }
        return [.. tracks.OrderBy(t => t.Name, StringComparer.Ordinal)];
    }

    private static Track One(string name, YamlMapping section, IReadOnlyList<ISectionReader> hosts)
    {
        var track = new Track(name, section.Text("summary"), section.TextMap("environment"), section.OptionalTexts("arguments"));
        PlaceholdersOfHosts.Check(section, "environment", track.Environment.Values, hosts);
        PlaceholdersOfHosts.Check(section, "arguments", track.Arguments, hosts);
        section.Done();
        return track;
    }
}
