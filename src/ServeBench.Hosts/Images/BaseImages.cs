using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Hosts.Engines;

namespace ServeBench.Hosts.Images;

/// <summary>
/// The images that Dockerfiles begin with. One that is there is used; else it is pulled; else, where it can be, made from
/// Debian's packages. What it was at first use is written down, and another one under the same name is refused.
/// </summary>
internal sealed class BaseImages(DockerCli docker, BaseImageMaker maker, ImageFolders folders)
{
    private static readonly TimeSpan PullLimit = TimeSpan.FromHours(1);

    /// <exception cref="RunFailedException">when it cannot be obtained, or is not the one that was locked.</exception>
    public async Task<BaseImageRecord> EnsureAsync(string name, bool offline, IRunObserver observer, CancellationToken cancellationToken)
    {
        var origin = "it was there already";
        if (await ImageContent.OfAsync(docker, name, cancellationToken) is not { } content)
        {
            origin = await FetchAsync(name, offline, observer, cancellationToken);
            content = await ImageContent.OfAsync(docker, name, cancellationToken)
                ?? throw new RunFailedException($"the base image {name} is not there although it was {origin}", "Look at docker images");
        }
        return Locked(new BaseImageRecord(name, content.ContentSha256, content.RegistryDigest, origin));
    }

    /// <summary>Makes the image from packages unless there is one of that name.</summary>
    /// <returns>False when there was one, which is never replaced.</returns>
    public async Task<bool> MakeAsync(string name, IRunObserver observer, CancellationToken cancellationToken)
    {
        if (await ImageContent.OfAsync(docker, name, cancellationToken) is not null) return false;
        await maker.MakeAsync(name, observer, cancellationToken);
        await EnsureAsync(name, offline: true, observer, cancellationToken);
        return true;
    }

    private async Task<string> FetchAsync(string name, bool offline, IRunObserver observer, CancellationToken cancellationToken)
    {
        var problem = "the network is not to be used (--offline)";
        if (!offline)
        {
            using var step = observer.Begin($"Pulling {name}");
            var pull = await docker.TryAsync(PullLimit, ["pull", "--quiet", name], cancellationToken);
            if (pull.ExitCode == 0) return "pulled from its registry";
            if (DockerFailure.Of(pull.Error) is not null)
                throw DockerFailure.Exception($"the base image {name} could not be pulled", pull.Error);
            problem = pull.Error.Trim();
        }
        if (!BaseImageMaker.IsDebians(name))
            throw new RunFailedException($"the image {name} is not there and cannot be pulled ({problem})", PublishedImages.Remedy(name));
        if (maker.Obstacle(name) is { } obstacle)
            throw new RunFailedException(
                $"the base image {name} is not there and cannot be pulled ({problem}); "
                    + $"it cannot be made here either, because {obstacle.Problem}",
                $"Pull or load it by hand, or: {obstacle.Remedy}");
        observer.Say($"{name} cannot be pulled here, so it is made from Debian's packages");
        await maker.MakeAsync(name, observer, cancellationToken);
        return BaseImageMaker.Origin;
    }

    /// <summary>The locked record of the same image; the given one, now locked, at first use.</summary>
    private BaseImageRecord Locked(BaseImageRecord found)
    {
        IReadOnlyList<BaseImageRecord> all = File.Exists(folders.BaseLock)
            ? RunFolder.ReadJson(folders.BaseLock, DomainJson.Readable.IReadOnlyListBaseImageRecord)
            : [];
        if (all.FirstOrDefault(b => b.Name == found.Name) is { } locked)
        {
            if (locked.ContentSha256 == found.ContentSha256) return locked;
            throw new RunFailedException(
                $"{found.Name} is another image than the one that this checkout first used ({Short(found.ContentSha256)} instead of "
                    + $"{Short(locked.ContentSha256)})",
                "Bring the first one back, or, to go on with the new one and measure everything on it again, "
                    + $"delete its entry in {folders.BaseLock}");
        }
        RunFolder.WriteJson(folders.BaseLock, [.. all, found], DomainJson.Readable.IReadOnlyListBaseImageRecord);
        return found;
    }

    private static string Short(string hash) => hash[..12];
}
