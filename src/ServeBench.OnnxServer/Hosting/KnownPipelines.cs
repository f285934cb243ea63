using ServeBench.Domain.Faults;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Pipelines.Embedding;
using ServeBench.OnnxServer.Pipelines.Generation;
using ServeBench.OnnxServer.Pipelines.ImageClassification;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Hosting;

/// <summary>The kinds of work that a server does.</summary>
/// <param name="all">In the order in which they are asked whether they take a model.</param>
internal sealed class KnownPipelines(IReadOnlyList<IPipeline> all)
{
    /// <summary>
    /// Those of this program. Named, where other lists are found by reflection: the native program keeps only the types that are named,
    /// and looking through them would be a part of every cold start.
    /// </summary>
    public static KnownPipelines OfProgram { get; } =
        new([new EmbeddingPipeline(), new ImageClassificationPipeline(), new GenerationPipeline()]);

    public IReadOnlyList<IPipeline> All => all;

    /// <summary>Loads and warms a model by the pipeline that takes it.</summary>
    /// <exception cref="RunFailedException">when none takes it, its folder is not whole or the runtime cannot load it.</exception>
    public ServedModel Load(ModelFolder folder, ServerOptions options, TimeProvider time, ILogger logger)
    {
        var manifest = ModelManifest.Read(folder.Folder);
        var pipeline = all.FirstOrDefault(p => p.Takes(manifest)) ?? throw new RunFailedException(
            $"{folder.Folder}: the model {manifest.Model} ({manifest.Architecture}) is of no kind of work that this server does",
            "Give the folder of a model that turns texts into embeddings, classifies images or continues texts, "
                + "prepared by `./build.sh --target=Models`");
        return pipeline.Load(folder, options, time, logger);
    }
}
