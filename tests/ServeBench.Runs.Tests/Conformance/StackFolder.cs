using System.Text.RegularExpressions;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Stacks;
using ServeBench.Hosts.Docker;
using ServeBench.Hosts.Endpoint;
using ServeBench.Hosts.Images;
using ServeBench.Hosts.Process;
using ServeBench.Load.Wire;
using ServeBench.Models.Architectures;
using ServeBench.Processes.Commands;
using ServeBench.Work;

namespace ServeBench.Runs.Tests.Conformance;

/// <summary>The folders of this repository's stacks, and the stand-ins of those whose servers are other makers'.</summary>
internal static class StackFolder
{
    /// <summary>Those whose program is this repository's own, and llama.cpp's, which tests run as it is.</summary>
    private static readonly Regex Own = new("^(onnxruntime-dotnet|fastapi-(onnxruntime|pytorch|queue)$|llama-server$)");

    /// <summary>The checkout's folder.</summary>
    public static string Root { get; } = FindRoot();

    private static readonly Lazy<Catalogue> Read = new(() => CatalogueReader.Read(new CatalogueFolders(Root), Vocabulary));

    /// <summary>The catalogue of this repository, read strictly.</summary>
    public static Catalogue Catalogue => Read.Value;

    /// <summary>Those that are deployed, and not found where they run.</summary>
    public static IEnumerable<Stack> Deployed => Catalogue.Stacks.Where(s => !s.Hosts.ContainsKey(EndpointNames.Host));

    public static IEnumerable<Stack> OfOthers => Deployed.Where(s => !Own.IsMatch(s.Name));

    /// <summary>The stand-in's program, which python3 runs.</summary>
    public static string StandIns { get; } = Path.Combine(Root, "tests", "Shared", "StandIn", "personalities");

    /// <summary>Computes what stand-ins answer.</summary>
    public static string Oracle { get; } =
        Path.Combine(Root, "artifacts", "bin", "ServeBench.OnnxServer", "release", "ServeBench.OnnxServer");

    /// <summary>The file that describes a stack's server to the stand-in.</summary>
    public static string Personality(string stack) => Path.Combine(StandIns, $"{stack.Replace('-', '_')}.py");

    /// <summary>Hosts as the program has them, which nothing is asked of.</summary>
    public static DockerHost Docker { get; } = new(new CommandRunner(), new ImageFolders(Root, Path.Combine(Root, "artifacts")));

    public static ProcessHost Process { get; } = new(Path.Combine(Root, "artifacts", "bin"), new CommandRunner());

    private static CatalogueVocabulary Vocabulary => new([Process.Section, Docker.Section, EndpointHost.SectionReader], KnownArchitectures.All, KnownWork.OfProgram.All)
    {
        WireFormats = WireFormats.All,
    };

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ServeBench.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
