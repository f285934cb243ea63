using ServeBench.Domain.Models;

namespace ServeBench.Hosts.Delivery;

/// <summary>Where a container sees the prepared model, and as whom it reads it.</summary>
internal static class ModelMount
{
    /// <summary>Where the model lies inside.</summary>
    public const string Folder = "/model";

    /// <summary>Where lies what was made of the model for the stack.</summary>
    public const string Repository = "/repository";

    /// <summary>Debian's nobody, and a number that means nobody in particular elsewhere.</summary>
    public const string User = "65534:65534";

    /// <param name="model">The model.</param>
    /// <param name="repository">What was made of it for the stack; null for nothing.</param>
    public static IReadOnlyList<string> OfFolders(ModelArtifact model, string? repository) =>
        repository is null ? [OfFolder(model.Folder)] : [OfFolder(model.Folder), OfFolder(repository, Repository)];

    /// <param name="folder">Absolute path on the engine's machine.</param>
    /// <param name="target">Where a container sees it.</param>
    public static string OfFolder(string folder, string target = Folder) =>
        $"--mount=type=bind,{Field($"source={folder}")},target={target},readonly";

    /// <param name="volume">Name of a volume of the engine.</param>
    /// <param name="target">Where a container sees it.</param>
    public static string OfVolume(string volume, string target = Folder) => $"--mount=type=volume,source={volume},target={target},readonly";

    /// <summary>What docker reads of a mount is a line of CSV.</summary>
    private static string Field(string text) =>
        text.AsSpan().ContainsAny(",\"") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
