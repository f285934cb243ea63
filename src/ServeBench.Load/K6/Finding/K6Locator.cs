using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Load.K6.Running;
using ServeBench.Processes.Commands;

namespace ServeBench.Load.K6.Finding;

/// <summary>What the user said about k6.</summary>
/// <param name="Path">A program named with <c>--k6</c>; null when none was.</param>
/// <param name="Image">An image named with <c>--k6-image</c>; null when none was.</param>
/// <param name="Offline">Whether nothing may be fetched.</param>
public sealed record K6Wish(string? Path, string? Image, bool Offline);

/// <summary>
/// Finds a k6: the image or the program that was named, the one on PATH, the one in the cache of tools, or a fetched one.
/// </summary>
/// <param name="commands">Asks a k6 for its version.</param>
/// <param name="release">The cache, and where it is filled from.</param>
/// <param name="searchPath">The value of PATH.</param>
public sealed class K6Locator(ICommandRunner commands, K6Release release, string searchPath)
{
    /// <summary>A k6 that is at hand; null when there is none and none was named.</summary>
    /// <exception cref="FaultException">when the one that was named cannot be used.</exception>
    public async Task<K6Program?> AtHandAsync(K6Wish wish, CancellationToken ct)
    {
        if (wish.Image is { } image) return await K6Program.OfImageAsync(commands, image, ct);
        if (wish.Path is { } path) return await K6Program.OfProgramAsync(commands, path, "--k6", ct);
        var found = OnSearchPath() ?? release.Cached;
        return found is null ? null : await K6Program.OfProgramAsync(commands, found, "--driver", ct);
    }

    /// <summary>A k6 that is at hand, or else a fetched one.</summary>
    /// <exception cref="FaultException">when none can be obtained.</exception>
    public async Task<K6Program> FindAsync(K6Wish wish, IRunObserver observer, CancellationToken ct)
    {
        if (await AtHandAsync(wish, ct) is { } known) return known;
        if (wish.Offline)
        {
            throw new FaultException(
                new Fault("--driver", null, null, "there is no k6 on PATH or in the cache of tools, and --offline forbids to fetch one",
                    "Install k6 and name it with --k6=PATH, or use --driver=native, which needs none"));
        }
        return await K6Program.OfProgramAsync(commands, await release.FetchAsync(observer, ct), "--driver", ct);
    }

    private string? OnSearchPath()
    {
        var name = OperatingSystem.IsWindows() ? "k6.exe" : "k6";
        return searchPath
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }
}
