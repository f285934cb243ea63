using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;

namespace ServeBench.Hosts;

/// <summary>The <c>${name}</c> placeholders of the hosts' sections of stack.yaml.</summary>
internal static class Placeholders
{
    /// <summary>Folder of the programs that this repository builds: <c>${bin}/Project/release/Project</c>.</summary>
    public const string Bin = "bin";

    /// <summary>The stack's own folder.</summary>
    public const string StackFolder = "stack-folder";

    /// <summary>The folder of this one deployment: its <c>home</c>, <c>tmp</c> and <c>work</c> are removed with it.</summary>
    public const string DeploymentFolder = "deployment-folder";

    /// <summary>The port for HTTP.</summary>
    public const string Port = "port";

    /// <summary>The port for gRPC; that for HTTP where a stack declares none.</summary>
    public const string GrpcPort = "grpc-port";

    /// <summary>The port of the counters; that for HTTP where a stack declares none.</summary>
    public const string MetricsPort = "metrics-port";

    /// <summary>How many logical processors the server is confined to.</summary>
    public const string Cores = "cores";

    /// <summary>Folder of the prepared model, with its manifest.</summary>
    public const string ModelFolder = "model-folder";

    /// <summary>Name of the model.</summary>
    public const string Model = "model";

    /// <summary>The model's file in the stack's format.</summary>
    public const string ModelFile = "model-file";

    /// <summary>The folder that <c>model-repository:</c> describes; that of the prepared model where there is no such section.</summary>
    public const string ModelRepository = "model-repository";

    /// <summary>Adds a fault for every placeholder of a text that does not exist at its place.</summary>
    public static void Check(YamlMapping section, string key, IEnumerable<string> texts, IReadOnlyCollection<string> known)
    {
        foreach (var name in texts.SelectMany(Placeholder.NamesIn).Where(n => !known.Contains(n)))
            section.Fault(key, $"no placeholder is called ${{{name}}}", NearestName.Remedy(name, known));
    }
}
