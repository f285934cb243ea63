using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Architectures;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Store;

/// <summary>Weights drawn from the card's seed.</summary>
internal sealed class SeededCheckpoint : Checkpoint
{
    private readonly ModelCard _card;
    private readonly IArchitecture _architecture;
    private readonly IReadOnlyList<TensorSpec> _tensors;

    public SeededCheckpoint(string root, ModelCard card, IArchitecture architecture)
        : this(root, card, architecture, architecture.Tensors(card.Export))
    {
    }

    private SeededCheckpoint(string root, ModelCard card, IArchitecture architecture, IReadOnlyList<TensorSpec> tensors)
        : base(Path.Combine(root, ".weights", $"seeded-{Hash(card, tensors)[..16]}"))
    {
        _card = card;
        _architecture = architecture;
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
        if (Calibrated(drawn) is { Count: > 0 } known)
            description = StoreFile.Write(drawn, output => SeededWeights.Write(output, _tensors, _card.WeightsSeed, known));
        Directory.CreateDirectory(Folder);
        File.Move(drawn, Safetensors, overwrite: true);
        return description;
    }

    private IReadOnlyDictionary<string, float[]> Calibrated(string drawn)
    {
        using var tensors = SafetensorsFile.Open(drawn);
        return _architecture.Calibrate(_card.Export, tensors);
    }

    private static string Hash(ModelCard card, IReadOnlyList<TensorSpec> tensors)
    {
        using var hash = new ContentHash();
        hash.Add("seed", card.WeightsSeed).Add("generator", SeededWeights.Version).AddRecord("tensors", tensors);
        // What is centred depends on how its inputs are prepared, too, and on whatever else the card says of the network.
        if (tensors.Any(t => t.Seeded is Initialisation.Centred)) hash.AddRecord("centred for", card.Export);
        return hash.Finish();
    }
}
