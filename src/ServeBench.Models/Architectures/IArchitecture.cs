using ServeBench.Domain.Catalogues;
using ServeBench.Models.Onnx;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Store;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Architectures;

/// <summary>
/// A kind of network: what its section of model.yaml says, which tensors its checkpoints hold, and the graph they make. One
/// file each; <see cref="KnownArchitectures"/> finds them. Settings are what <see cref="ISectionReader.Read"/> returned.
/// </summary>
public interface IArchitecture : ISectionReader
{
    /// <summary>Changes whenever the graph built from the same settings and weights would.</summary>
    string Version { get; }

    /// <summary>The precisions that <see cref="Build"/> honours in all of the graph.</summary>
    IReadOnlyList<string> Precisions => KnownPrecisions.Names;

    /// <summary>Every tensor of a checkpoint, in the order in which seeded ones are written.</summary>
    IReadOnlyList<TensorSpec> Tensors(object settings);

    /// <summary>What seeded weights have in place of what was drawn, by the tensor's name: what follows from all of them.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="drawn">The tensors as drawn.</param>
    IReadOnlyDictionary<string, float[]> Calibrate(object settings, SafetensorsFile drawn) => new Dictionary<string, float[]>();

    /// <summary>The settings as a checkpoint's own config.json states them: key, with a text, an int or a double.</summary>
    IReadOnlyList<(string Key, object Value)> Configuration(object settings);

    /// <summary>
    /// What a published config.json may state and must then state so, beside the settings: what the network is not, and its tensors
    /// would not show.
    /// </summary>
    IReadOnlyList<(string Key, object Value)> Presupposed => [];

    /// <summary>
    /// Lets the tensors of a published checkpoint be found under the names of <see cref="Tensors"/> and <see cref="Build"/>,
    /// whatever it calls them.
    /// </summary>
    /// <exception cref="Domain.Faults.RunFailedException">when it cannot be determined which tensor is meant.</exception>
    void Alias(TensorDirectory checkpoint);

    /// <summary>Checks the published files beside the tensors that this kind of network needs.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="published">Gives the path of a file by its name, or null.</param>
    /// <exception cref="Domain.Faults.RunFailedException">when one is missing or cannot be used.</exception>
    void CheckFiles(object settings, Func<string, string?> published)
    {
    }

    /// <summary>Builds the graph with its inputs and outputs.</summary>
    void Build(object settings, GraphBuilder graph);

    /// <summary>What its kind of work needs of a model beside the graph; null where that is nothing.</summary>
    internal IWorkPreparation? Preparation(PreparationPlan plan) => null;

    /// <summary>The path of a file that is not published, where another one that is holds it; else null.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="published">Gives the path of a published file by its name, or null.</param>
    internal string? Derive(string file, Func<string, string?> published) => null;
}

/// <summary>Casts an architecture's settings once, so that implementations are typed.</summary>
public static class ArchitectureSettings
{
    public static T As<T>(object settings, IArchitecture architecture) where T : class =>
        settings as T
            ?? throw new ArgumentException($"{settings.GetType().Name} are not the settings of {architecture.Name}", nameof(settings));
}
