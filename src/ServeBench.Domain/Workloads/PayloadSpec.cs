namespace ServeBench.Domain.Workloads;

/// <summary>What the requests of a workload carry; one record for each kind of work, which reads it and draws the requests.</summary>
/// <param name="Kind">The kind of work by its name, for example <c>text</c>; empty when the file names none that is known.</param>
public abstract record PayloadSpec(string Kind)
{
    /// <summary>Items in one request.</summary>
    public abstract int ItemsPerRequest { get; init; }

    /// <summary>Names of the files under k6/data out of which requests are drawn.</summary>
    public virtual IReadOnlyList<string> Files => [];

    /// <summary>Names of the files or folders under k6/data out of which requests are drawn; of a folder all files are used.</summary>
    public virtual IReadOnlyList<string> FilesOrFolders => [];
}

/// <summary>Stands in for a payload whose kind is not known; its fault is reported.</summary>
internal sealed record UnknownPayload() : PayloadSpec("")
{
    public override int ItemsPerRequest { get; init; } = 1;
}
