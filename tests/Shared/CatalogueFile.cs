using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;

namespace ServeBench.Tests;

/// <summary>Reads one file as the catalogue does, without the rest of a catalogue around it.</summary>
internal static class CatalogueFile
{
    /// <exception cref="FaultException">with every fault of the file.</exception>
    public static T Read<T>(string path, Func<YamlMapping, T> read)
    {
        var faults = new FaultList();
        var value = YamlFile.Read(path, path, faults) is { } file ? read(file) : default;
        faults.ThrowIfAny();
        return value!;
    }
}
