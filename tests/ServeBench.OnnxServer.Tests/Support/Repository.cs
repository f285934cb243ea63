namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string NodeModules => Path.Combine(Root, "node_modules");

    /// <summary>The built server.</summary>
    public static string Program =>
        Path.Combine(Root, "artifacts", "bin", "ServeBench.OnnxServer", "release", OperatingSystem.IsWindows() ? "ServeBench.OnnxServer.exe" : "ServeBench.OnnxServer");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServeBench.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException($"no ServeBench.slnx above {AppContext.BaseDirectory}");
    }
}
