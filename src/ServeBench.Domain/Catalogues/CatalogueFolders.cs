namespace ServeBench.Domain.Catalogues;

/// <summary>Where the catalogue files lie in a checkout. Everything is discovered there; nothing is listed in code.</summary>
/// <param name="Root">Absolute path of the repository.</param>
public sealed record CatalogueFolders(string Root)
{
    public string Models => Path.Combine(Root, "models");
    public string Stacks => Path.Combine(Root, "src", "stacks");
    public string Protocols => Path.Combine(Root, "k6", "protocols");
    public string Workloads => Path.Combine(Root, "k6", "workloads");
    public string Profiles => Path.Combine(Root, "k6", "profiles");
    public string Templates => Path.Combine(Root, "k6", "templates");
    public string TestRunTemplate => Path.Combine(Root, "kubernetes", "k6", "testrun.yaml.sbn");
    public string Data => Path.Combine(Root, "k6", "data");

    /// <summary>A path as faults and reports show it: relative to the repository, with forward slashes.</summary>
    public string Shown(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');
}
