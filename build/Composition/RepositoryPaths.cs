using System.Reflection;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;

namespace ServeBench.Build.Composition;

/// <summary>Where things lie in this checkout.</summary>
/// <param name="Root">Absolute path of the repository.</param>
public sealed record RepositoryPaths(string Root)
{
    /// <summary>Version of this program.</summary>
    public static string Version { get; } =
        typeof(RepositoryPaths).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public CatalogueFolders Catalogues => new(Root);

    /// <summary>Everything that can be made again.</summary>
    public string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>The programs that this repository builds, one folder per project.</summary>
    public string Programs => Path.Combine(Artifacts, "bin");

    public string Models => Path.Combine(Artifacts, "models");

    public string NodeModules => Path.Combine(Root, "node_modules");

    /// <summary>A path as users are shown it: relative to the repository where it lies in it.</summary>
    public string Shown(string path) =>
        Path.GetRelativePath(Root, path) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;

    /// <summary>Path of a program that this repository builds.</summary>
    public string Program(string project) =>
        Path.Combine(Programs, project, "release", OperatingSystem.IsWindows() ? $"{project}.exe" : project);

    /// <summary>The checkout that this program was built in.</summary>
    /// <exception cref="FaultException">when it was moved out of it.</exception>
    public static RepositoryPaths Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServeBench.slnx"))) return new RepositoryPaths(folder.FullName);
        }
        throw new FaultException(new Fault(
            AppContext.BaseDirectory, null, null, "this program does not lie in a checkout of ServeBench", "Run it through ./build.sh"));
    }
}
