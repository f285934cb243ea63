using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Packages;

namespace ServeBench.Models.Store;

/// <summary>Files that belong to a checkpoint, such as a vocabulary or the names of classes.</summary>
/// <param name="card">The model.</param>
/// <param name="checkpoint">Its weights, with what was published beside them.</param>
/// <param name="package">What the card's package holds; null where it names none.</param>
/// <param name="offline">True when nothing may be downloaded.</param>
/// <param name="observer">Is shown what takes its time.</param>
internal sealed class CompanionFiles(ModelCard card, Checkpoint checkpoint, PackageFiles? package, bool offline, IRunObserver observer)
{
    /// <returns>The file's path: the checkpoint's own, else the one out of the card's package.</returns>
    /// <exception cref="RunFailedException">when neither has it.</exception>
    public async Task<string> GetAsync(string name, CancellationToken cancellation)
    {
        if (checkpoint.Published(name) is { } published) return published;
        if (package is null)
            throw new RunFailedException(
                $"{card.Name} has no {name}: it is not downloaded, and the model card names no package that has it",
                "Add a package section to model.yaml");
        try
        {
            return await package.TakeAsync(name, offline, observer, cancellation);
        }
        catch (PackageUnavailableException e)
        {
            throw new RunFailedException($"{name} of {card.Name} cannot be obtained: {e.Message}", e.Remedy, e);
        }
    }
}
