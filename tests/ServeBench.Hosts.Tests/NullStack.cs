using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Yaml;

namespace ServeBench.Hosts.Tests;

/// <summary>A stack whose server is the null server: real, small and quick to start.</summary>
internal static class NullStack
{
    public static string Bin { get; } = FindBin();

    public static string Program => Path.Combine(Bin, "ServeBench.NullServer", "release", "ServeBench.NullServer");

    /// <param name="host">The host that reads the section.</param>
    /// <param name="section">The <c>process:</c> section; null for the usual one.</param>
    /// <param name="folder">The stack's folder; null for that of the built programs.</param>
    public static Stack Stack(IHost host, string? section = null, string? folder = null)
    {
        section ??= """
            programs: ["${bin}/ServeBench.NullServer/release"]
            command: "${bin}/ServeBench.NullServer/release/ServeBench.NullServer"
            arguments: ["--port=${port}"]
            start-limit: 20s
            stop-limit: 2s
            """;
        var faults = new FaultList();
        var settings = host.Section.Read(YamlFile.Parse(section, "stack.yaml", faults)!, folder ?? Bin);
        faults.ThrowIfAny();
        return new Stack
        {
            Name = "null",
            Title = "Null",
            Summary = "",
            Licence = "MIT",
            Groups = ["g"],
            Protocols = ["p"],
            ModelFormat = "onnx",
            Precision = "fp32",
            Tracks = [Track],
            Complexity = new Complexity(1, ""),
            Hosts = new Dictionary<string, object> { [host.Name] = settings },
            Folder = folder ?? Bin,
        };
    }

    public static Track Track { get; } = new(Track.Default, "", new Dictionary<string, string>(), []);

    public static ModelArtifact Model { get; } = new()
    {
        Model = "m",
        Weights = "seeded",
        WeightsReason = "",
        Sha256 = "",
        Folder = "/models/m",
        OnnxFile = "m.onnx",
        SafetensorsFile = "m.safetensors",
        Parameters = 1,
    };

    private static string FindBin()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ServeBench.slnx"))) folder = folder.Parent;
        return Path.Combine(folder.FullName, "artifacts", "bin");
    }
}
