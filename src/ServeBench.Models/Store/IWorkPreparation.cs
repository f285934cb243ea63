using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Store;

/// <summary>
/// What one kind of work needs of a model beside its graph: files, reference answers, entries of its manifest. An architecture says
/// which it is. The steps are called in the order in which they are declared.
/// </summary>
internal interface IWorkPreparation
{
    /// <summary>Adds whatever decides what is prepared here, beside the model's card, weights and graph.</summary>
    void Identify(ContentHash hash);

    /// <summary>About how many bytes its files take beside the graph and the checkpoint, where that is much.</summary>
    long DiskBytes => 0;

    /// <summary>Reads the manifest of a folder that was prepared before.</summary>
    /// <exception cref="Domain.Faults.RunFailedException">when it cannot be understood.</exception>
    ModelManifest Read(string folder);

    /// <summary>Makes sure that the files it needs are here; nothing has been written yet.</summary>
    Task ObtainAsync(CompanionFiles files, CancellationToken cancellation);

    /// <summary>Writes its files into the folder that is being filled.</summary>
    /// <param name="building">The folder.</param>
    /// <param name="write">Writes a file of it, by name.</param>
    void WriteFiles(string building, Action<string, string, Action<Stream>> write);

    /// <summary>Computes what it needs of the weights alone; runs while the graph is exported.</summary>
    void Compute(SafetensorsFile tensors, IRunObserver observer);

    /// <summary>Adds its entries to the manifest of a folder in which all files are written.</summary>
    ModelManifest Complete(ModelManifest manifest, string building, SafetensorsFile tensors, IRunObserver observer);
}
