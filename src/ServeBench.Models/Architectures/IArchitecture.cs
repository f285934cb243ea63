using ServeBench.Domain.Catalogues;
using ServeBench.Models.Onnx;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Architectures;

/// <summary>
/// A kind of network: what its section of model.yaml says, which tensors its checkpoints hold, and the graph they make. One
/// file each; <see cref="KnownArchitectures"/> lists them. Settings are what <see cref="ISectionReader.Read"/> returned.
/// </summary>
public interface IArchitecture : ISectionReader
{
    /// <summary>Changes whenever the graph built from the same settings and weights would.</summary>
    string Version { get; }

    /// <summary>Every tensor of a checkpoint, in the order in which seeded ones are written.</summary>
    IReadOnlyList<TensorSpec> Tensors(object settings);

    /// <summary>The settings as a checkpoint's own config.json states them: key, with a text, an int or a double.</summary>
    IReadOnlyList<(string Key, object Value)> Configuration(object settings);

    /// <summary>Lets the tensors of a published checkpoint be found under the names of <see cref="Tensors"/> and <see cref="Build"/>, whatever it calls them.</summary>
    /// <exception cref="Domain.Faults.RunFailedException">when it cannot be told which tensor is meant.</exception>
    void Alias(TensorDirectory checkpoint);

    /// <summary>Builds the graph with its inputs and outputs.</summary>
    void Build(object settings, GraphBuilder graph);
}

/// <summary>An architecture that turns a text into an embedding.</summary>
public interface ITextEncoder : IArchitecture
{
    TokenizerSettings Tokenizer(object settings);

    /// <summary>How token vectors become one embedding: <c>mean</c> or <c>cls</c>.</summary>
    string Pooling(object settings);

    /// <summary>Numbers in an embedding.</summary>
    int Dimensions(object settings);

    /// <summary>
    /// The embeddings of some sequences of token ids, computed in double precision by code of its own: no graph, no runtime.
    /// What the exported model answers is compared with these.
    /// </summary>
    IReadOnlyList<double[]> Reference(object settings, SafetensorsFile weights, IReadOnlyList<int[]> sequences);
}

/// <summary>Casts an architecture's settings once, so that implementations are typed.</summary>
public static class ArchitectureSettings
{
    public static T As<T>(object settings, IArchitecture architecture) where T : class =>
        settings as T ?? throw new ArgumentException($"{settings.GetType().Name} are not the settings of {architecture.Name}", nameof(settings));
}
