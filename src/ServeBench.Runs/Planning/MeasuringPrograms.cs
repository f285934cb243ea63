using ServeBench.Domain.Storage;

namespace ServeBench.Runs.Planning;

/// <summary>
/// The identity of the code that measures: a change in it makes stored results stale, a change in how reports look does not.
/// </summary>
public static class MeasuringPrograms
{
    private static readonly Lazy<string> OfThisProcess = new(Compute);

    /// <summary>Hash of the assemblies that touch a measurement. Builds are deterministic, so equal sources give equal hashes.</summary>
    /// <remarks>Computed once: what this process runs does not change while it runs.</remarks>
    public static string Hash() => OfThisProcess.Value;

    private static string Compute()
    {
        Type[] one = [
            typeof(SampleFile),
            typeof(Processes.Cpu.CpuAffinity),
            typeof(Hosts.IHost),
            typeof(Load.ILoadDriver),
            typeof(MeasuringPrograms),
            typeof(Models.Store.ModelStore),
            typeof(Work.WorkKind)];
        using var hash = new ContentHash();
        // What the driver depends on has no type that can be named here.
        var referenced = typeof(Load.ILoadDriver).Assembly
            .GetReferencedAssemblies()
            .Where(a => a.Name == "ServeBench.Platform")
            .Select(System.Reflection.Assembly.Load);
        foreach (var assembly in one.Select(t => t.Assembly).Concat(referenced))
            hash.Add(assembly.GetName().Name!, ContentHash.OfFile(assembly.Location));
        // The ceiling is measured with these, beside the program.
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*onnxruntime*", SearchOption.AllDirectories)
            .Where(IsRuntime)
            .Order(StringComparer.Ordinal))
            hash.Add(Path.GetFileName(file), ContentHash.OfFile(file));
        return hash.Finish();
    }

    private static bool IsRuntime(string file) => Path.GetExtension(file) is ".dll" or ".so" or ".dylib";
}
