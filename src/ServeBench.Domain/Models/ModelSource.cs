namespace ServeBench.Domain.Models;

/// <summary>Where the pretrained checkpoint is published.</summary>
/// <param name="Repository">Owner and name on the hub, for example <c>google-bert/bert-base-uncased</c>.</param>
/// <param name="Revision">The commit that is downloaded, never a branch; or <see cref="LockedAtFirstDownload"/>.</param>
/// <param name="Files">The files needed.</param>
public sealed record ModelSource(string Repository, string Revision, IReadOnlyList<ModelSourceFile> Files)
{
    /// <summary>Stands for the commit that the hub has at the first download, which is then written to the model's lock file.</summary>
    public const string LockedAtFirstDownload = "lock";
}

/// <param name="Path">Path inside the hub repository.</param>
/// <param name="Sha256">Lower-case hexadecimal, where it is publicly documented; else null and it is locked at the first download.</param>
public sealed record ModelSourceFile(string Path, string? Sha256);
