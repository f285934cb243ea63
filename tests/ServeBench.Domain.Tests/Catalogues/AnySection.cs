using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Tests.Catalogues;

/// <summary>A plug-in's section whose keys do not matter here.</summary>
internal sealed class AnySection(string name) : ISectionReader
{
    public string Name => name;

    public IReadOnlyCollection<string> Placeholders { get; } = ["cores"];

    public object Read(YamlMapping section, string folder) => section.Keys;
}
