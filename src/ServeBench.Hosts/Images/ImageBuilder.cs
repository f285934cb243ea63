using System.Diagnostics;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Hosts.Engines;

namespace ServeBench.Hosts.Images;

/// <summary>Builds the image of a stack, named by the content of everything it is made of, unless it is there already.</summary>
internal sealed class ImageBuilder(DockerCli docker, BaseImages bases, ProgramPublisher publisher, ImageFolders folders)
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromHours(1);
    private static readonly TimeSpan SaveLimit = TimeSpan.FromMinutes(20);

    /// <param name="stack">The stack.</param>
    /// <param name="settings">How its image is made.</param>
    /// <param name="engine">The engine that builds.</param>
    /// <param name="force">Builds even when the image is there.</param>
    /// <param name="offline">Never pulls.</param>
    /// <param name="observer">Is given progress.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    /// <exception cref="RunFailedException">when it cannot be built; the message has the end of the log and where the whole is.</exception>
    public async Task<(ImageRecord Image, bool Reused)> EnsureAsync(
        Stack stack,
        ImageSettings settings,
        DockerEngine engine,
        bool force,
        bool offline,
        IRunObserver observer,
        CancellationToken cancellationToken)
    {
        if (settings.Published is { } published) return await PublishedAsync(published, offline, observer, cancellationToken);
        var dockerfile = Path.Combine(stack.Folder, settings.Dockerfile);
        var context = new ImageContext(dockerfile);
        foreach (var path in settings.Context) context.Add(path, Path.Combine(stack.Folder, path));
        foreach (var (place, path) in settings.Shared) context.Add(place, Path.GetFullPath(path, stack.Folder));
        foreach (var (place, project) in settings.Publish) context.Add(
            place, await publisher.EnsureAsync(project, engine.RuntimeIdentifier, observer, cancellationToken));
        var below = new List<BaseImageRecord>();
        foreach (var name in Dockerfile.Bases(await File.ReadAllTextAsync(dockerfile, cancellationToken)))
            below.Add(await bases.EnsureAsync(name, offline, observer, cancellationToken));

        using var hash = new ContentHash();
        var inputs = hash
            .Add("context", context.Hash())
            .Add("bases", below.Select(b => $"{b.Name} {b.ContentSha256}"))
            .Add("architecture", engine.Architecture)
            .Finish();
        var image = $"servebench/{stack.Name.ToLowerInvariant()}:{inputs[..12]}";
        var file = Path.Combine(folders.Images, $"{stack.Name}-{inputs[..12]}.json");
        if (!force && File.Exists(file) && await ImageContent.OfAsync(docker, image, cancellationToken) is { } there
            && RunFolder.ReadJson(file, DomainJson.Readable.ImageRecord) is var known && known.Digest == there.Digest) return (known, true);

        var (seconds, cached) = await BuildAsync(stack, image, context, force, observer, cancellationToken);
        var content = await ImageContent.OfAsync(docker, image, cancellationToken)
            ?? throw new RunFailedException($"{image} is not there although it was built", "Look at docker images");
        var record = new ImageRecord
        {
            Name = image,
            InputsSha256 = inputs,
            ContentSha256 = content.ContentSha256,
            Digest = content.Digest,
            Layers = content.Layers,
            Bytes = content.Bytes,
            // The whole image would have to come here from another machine only to be weighed.
            CompressedBytes = engine.Elsewhere is null ? await CompressedAsync(stack, image, content, observer, cancellationToken) : null,
            BuildSeconds = seconds,
            CachedSteps = cached,
            Bases = below,
        };
        RunFolder.WriteJson(file, record, DomainJson.Readable.ImageRecord);
        return (record, false);
    }

    /// <summary>Nothing is built: the image is what its makers publish, and locked like those that others are built on.</summary>
    private async Task<(ImageRecord Image, bool Reused)> PublishedAsync(
        string image, bool offline, IRunObserver observer, CancellationToken cancellationToken)
    {
        var there = await ImageContent.OfAsync(docker, image, cancellationToken) is not null;
        var locked = await bases.EnsureAsync(image, offline, observer, cancellationToken);
        var content = await ImageContent.OfAsync(docker, image, cancellationToken)
            ?? throw new RunFailedException($"{image} is not there although it was {locked.Origin}", "Look at docker images");
        return (
            new ImageRecord
            {
                Name = image,
                InputsSha256 = content.ContentSha256,
                ContentSha256 = content.ContentSha256,
                Digest = content.Digest,
                Layers = content.Layers,
                Bytes = content.Bytes,
                Bases = [locked],
            },
            there);
    }

    private async Task<(double Seconds, int CachedSteps)> BuildAsync(
        Stack stack, string image, ImageContext context, bool force, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var step = observer.Begin($"Building the image of {stack.Name}");
        var folder = Path.Combine(folders.Images, $"{stack.Name}.context");
        var log = Path.Combine(folders.Logs, $"image-{stack.Name}.log");
        Directory.CreateDirectory(folders.Logs);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        try
        {
            context.CopyTo(folder);
            string[] again = force ? ["--no-cache"] : [];
            string[] arguments = ["build", "--force-rm", $"--tag={image}", $"--label=servebench.stack={stack.Name}", .. again, folder];
            var began = Stopwatch.GetTimestamp();
            await using var writer = TextWriter.Synchronized(new StreamWriter(log));
            var cached = new CachedSteps();
            void Heard(string line)
            {
                cached.Hear(line);
                writer.WriteLine(Redaction.Of(line));
                step.Report(null, line.Trim());
            }

            var result = await docker.TryAsync(BuildLimit, arguments, Heard, cancellationToken);
            if (result.ExitCode == 0) return (Stopwatch.GetElapsedTime(began).TotalSeconds, cached.Count);
            // Where the engine builds, it prints to one stream, and what the steps print goes to either.
            var said = result.Output + result.Error;
            throw DockerFailure.Exception($"the image of {stack.Name} could not be built (whole log: {log})",
                DockerFailure.Of(result.Error) is null ? said : result.Error,
                $"Mend {Path.Combine(stack.Folder, "Dockerfile")}, or what it copies");
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<long> CompressedAsync(
        Stack stack, string image, ImageContent content, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var step = observer.Begin($"Weighing the image of {stack.Name}", TimeSpan.FromSeconds(1 + content.Bytes / 25e6));
        var archive = Path.Combine(folders.Images, $"{stack.Name}.{Environment.ProcessId}.tar");
        try
        {
            await docker.RunAsync(
                $"the image of {stack.Name} could not be saved", SaveLimit, ["save", $"--output={archive}", image], cancellationToken);
            return await Task.Run(() => CompressedSize.Of(archive), cancellationToken);
        }
        finally
        {
            File.Delete(archive);
        }
    }
}
