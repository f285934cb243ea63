using ServeBench.Domain.Models;

namespace ServeBench.Models.Packages;

/// <summary>
/// NuGet's folder of unpacked packages: <c>root/id in lower case/version/</c>. It gives what is there and downloads nothing.
/// </summary>
public sealed class PackageFolder(string root) : IPackageFeed
{
    /// <summary>Written by NuGet when a package is wholly unpacked.</summary>
    private const string Seal = ".nupkg.metadata";

    /// <summary>Where NuGet unpacks packages unless its configuration says otherwise.</summary>
    public static string Default =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <returns>The package's folder; null when it is not there, or not wholly.</returns>
    public string? Find(ModelPackage package)
    {
#pragma warning disable CA1308 // NuGet's own rule: ids and versions in lower case.
        var folder = Path.Combine(root, package.Id.ToLowerInvariant(), package.Version.ToLowerInvariant());
#pragma warning restore CA1308
        return File.Exists(Path.Combine(folder, Seal)) ? folder : null;
    }

    public Task<string> FetchAsync(ModelPackage package, bool offline, CancellationToken cancellation) =>
        Find(package) is { } folder
            ? Task.FromResult(folder)
            : throw new PackageUnavailableException(
                $"{root} does not hold the {package}", $"the {package} is not on this machine", "Restore it there");
}
