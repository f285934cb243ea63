using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Stacks;

/// <summary>What applies to every host of a stack may use only the placeholders that all of them have.</summary>
internal static class PlaceholdersOfHosts
{
    /// <param name="section">The section that has the key.</param>
    /// <param name="texts">What the file has under the key.</param>
    /// <param name="hosts">The hosts that the stack has sections for.</param>
    public static void Check(YamlMapping section, string key, IEnumerable<string> texts, IReadOnlyList<ISectionReader> hosts)
    {
        foreach (var name in texts.SelectMany(Placeholder.NamesIn).Distinct())
        {
            foreach (var host in hosts.Where(h => !h.Placeholders.Contains(name)))
                section.Fault(key, $"the {host.Name} host has no placeholder ${{{name}}}", NearestName.Remedy(name, host.Placeholders));
        }
    }
}
