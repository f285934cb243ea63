using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;

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
