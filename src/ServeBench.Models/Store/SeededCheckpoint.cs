using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Architectures;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Store;

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
