using System.Collections.Concurrent;
using ServeBench.Hosts.Engines;

namespace ServeBench.Hosts.Images;

/// <summary>Images that come from registries: whether the engine has them, or could have them.</summary>
internal sealed class PublishedImages(DockerCli docker)
{
    /// <summary>A registry answers for an image at once, or is not reached.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Why an image is not to be had, by its name; null for one that is.</summary>
    private readonly ConcurrentDictionary<string, string?> _problems = new();

    /// <summary>Whether the engine has an image, by its name.</summary>
    private readonly ConcurrentDictionary<string, bool> _here = new();

    /// <summary>Asks the engine for images, and no registry.</summary>
    public Task FindAsync(IEnumerable<string> images, CancellationToken cancellationToken) => Task.WhenAll(
        images.Distinct()
            .Where(i => !_here.ContainsKey(i))
            .Select(async i => _here[i] = await ImageContent.OfAsync(docker, i, cancellationToken) is not null));

    /// <summary>The first of some images that the engine does not have, as a reason not to deploy unasked; null where it has all, or where
    /// nobody has asked.</summary>
    public Obstacle? NotHere(IEnumerable<string> images) =>
        images.FirstOrDefault(i => _here.TryGetValue(i, out var isHere) && !isHere) is { } image
            ? new Obstacle(
                $"the image {image} is not here, and is not pulled unasked, since such have gigabytes",
                $"Name the stack with --stack, or pull it with docker pull {image}")
            : null;

    /// <summary>Looks for images that have not been looked for; nothing is pulled.</summary>
    /// <param name="images">Their names.</param>
    /// <param name="offline">Whether no registry may be asked.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task LookAsync(IEnumerable<string> images, bool offline, CancellationToken cancellationToken) => Task.WhenAll(
        images.Distinct().Where(i => !_problems.ContainsKey(i)).Select(i => LookAsync(i, offline, cancellationToken)));

    /// <summary>Why an image that a stack needs is not to be had; null where all are, or where nobody has looked.</summary>
    public Obstacle? Missing(string stack, IEnumerable<string> images) => images
        .Where(i => _problems.GetValueOrDefault(i) is not null)
        .Select(i => new Obstacle($"the image {i}, which {stack} needs, is not here and cannot be pulled ({_problems[i]})", Remedy(i)))
        .FirstOrDefault();

    /// <summary>How an image comes to the engine, as an imperative sentence.</summary>
    public static string Remedy(string image) =>
        $"Pull it where its registry is reached, and bring it here: docker save {image} | ssh MACHINE docker load";

    private async Task LookAsync(string image, bool offline, CancellationToken cancellationToken)
    {
        if (await ImageContent.OfAsync(docker, image, cancellationToken) is not null)
        {
            _problems[image] = null;
            return;
        }
        if (offline)
        {
            _problems[image] = "the network is not to be used (--offline)";
            return;
        }
        var asked = await docker.TryAsync(Limit, ["manifest", "inspect", image], cancellationToken);
        var said = asked.Error.Trim();
        _problems[image] = asked.ExitCode == 0 ? null : said.Length > 0 ? said.Split('\n')[^1] : "its registry does not answer";
    }
}
