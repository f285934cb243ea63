using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Architectures;
using ServeBench.Models.Hub;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Store;

/// <summary>Weights that were downloaded; made only once all files are here.</summary>
internal sealed class PretrainedCheckpoint(ModelCard card, IArchitecture architecture, HubFiles files) : Checkpoint(files.Folder)
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
        return architecture.Derive(file, Published);
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
