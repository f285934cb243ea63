namespace ServeBench.Build.Options;

/// <summary>Where runs are, and which is meant: all that rendering a report again takes, with no catalogue.</summary>
/// <param name="Folder">Absolute path of the folder of runs.</param>
/// <param name="Run"><c>latest</c>, the name of a run's folder, or the path of one.</param>
/// <param name="Publish">Under which name the run is published; null when it is not.</param>
public sealed record RunPlace(string Folder, string Run, string? Publish = null)
{
    /// <param name="line">The command line.</param>
    /// <param name="root">Where relative paths begin: the repository.</param>
    public static RunPlace Of(CommandLine line, string root) => new(
        Path.GetFullPath(line.Value(KnownOptions.Out) ?? Path.Combine("reports", "runs"), root),
        line.Value(KnownOptions.Run) ?? "latest",
        line.Value(KnownOptions.Publish));
}
