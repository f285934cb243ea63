using System.Diagnostics;
using ServeBench.Domain.Faults;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Runtime;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;

/// <summary>A model that gives images scores for classes.</summary>
internal sealed class ClassificationModel : ServedModel
{
    /// <summary>An input of image files in place of pixels, which the server decodes.</summary>
    public static readonly ManifestTensor Files = new("encoded", "string", ["batch", "1"]);

    private readonly IDisposable _owned;
    private readonly Batcher _batcher;

    /// <param name="name">What clients call it.</param>
    /// <param name="manifest">What is known of it.</param>
    /// <param name="runners">One for each execution that may run at once; they are warmed here.</param>
    /// <param name="options">Limits and how to batch.</param>
    /// <param name="time">The clock, the one that requests are stamped with.</param>
    /// <param name="logger">Is given failures.</param>
    /// <param name="owned">What is disposed of with the model, the runners included.</param>
    public ClassificationModel(
        string name,
        ClassificationManifest manifest,
        IReadOnlyList<IClassifierRunner> runners,
        ServerOptions options,
        TimeProvider time,
        ILogger logger,
        IDisposable owned)
        : base(name, manifest)
    {
        Own = manifest;
        Contract = new InferContract
        {
            Inputs = [InputName, Files.Name],
            BytesInputs = [Files.Name],
            Types = [manifest.Input.PreparesInside ? Tensors.Byte : Tensors.Single, Tensors.Bytes],
            Outputs = [.. manifest.Outputs.Select(o => o.Name)],
            MostDimensions = TensorShape.Most,
        };
        Readers = new ImageReaderPool(options.MaxPixels);
        _owned = owned;
        var cost = ClassifierWarmUp.Run(runners, manifest.Input);
        _batcher = new Batcher(
            name,
            [.. runners.Select(r => new ImageBatch(r, manifest.Input))],
            cost,
            options.MaxBatch,
            options,
            Metrics,
            time,
            logger);
    }

    /// <summary>What is known of it beside what is known of every model.</summary>
    public ClassificationManifest Own { get; }

    /// <summary>Read its images.</summary>
    public ImageReaderPool Readers { get; }

    /// <summary>Where its images have to fit.</summary>
    public ImageRoom Room { get; } = new();

    /// <summary>What requests of tensors may hold.</summary>
    public InferContract Contract { get; }

    /// <summary>Whether an image's scores are the logits of all classes.</summary>
    public bool GivesLogits => Own.GivesLogits;

    /// <summary>What the graph calls its input.</summary>
    public string InputName => Own.Input.PreparesInside ? ClassificationManifest.Image : ClassificationManifest.Pixels;

    /// <summary>How many scores an image gets: one for each class, or those of the best.</summary>
    public int ScoresOfImage => Own.Top > 0 ? Own.Top : Own.Classes;

    /// <summary>Its own input, and image files in its place.</summary>
    public override IEnumerable<ManifestTensor> Inputs => [.. base.Inputs, Files];

    public override WorkQueue Queue => _batcher.Queue;

    /// <summary>Loads and warms a model.</summary>
    /// <exception cref="RunFailedException">when its folder is not whole or the runtime cannot load it.</exception>
    public static ClassificationModel Load(ModelFolder folder, ServerOptions options, TimeProvider time, ILogger logger)
    {
        var began = Stopwatch.GetTimestamp();
        var manifest = Served(ClassificationManifest.Read(folder.Folder));
        var runners = Runners(folder.Folder, manifest, options, logger);
        try
        {
            return new ClassificationModel(folder.Name ?? manifest.Model, manifest, runners.All, options, time, logger, runners)
            {
                LoadTime = Stopwatch.GetElapsedTime(began)
            };
        }
        catch
        {
            runners.Dispose();
            throw;
        }
    }

    /// <summary>Finishes what waits, ends the workers and unloads the model.</summary>
    public override void Dispose()
    {
        _batcher.Dispose();
        _owned.Dispose();
    }

    /// <summary>The model as clients see it: where its graph chooses the best classes, these are all that is fetched of it.</summary>
    private static ClassificationManifest Served(ClassificationManifest manifest) => manifest.Top == 0
        ? manifest
        : manifest with { Outputs = [.. manifest.Outputs.Where(o => o.Name != manifest.Output)] };

    private static SessionRunners<BoundClassifier> Runners(
        string folder, ClassificationManifest manifest, ServerOptions options, ILogger logger) =>
        SessionRunners<BoundClassifier>.Load(
            folder,
            manifest,
            Varying(manifest.Input, options.MaxPixels),
            options,
            logger,
            session => new BoundClassifier(session, manifest, options.MaxBatch, options.Provider != Provider.Cpu));

    private static VaryingInputs Varying(ManifestImageInput input, int maximumPixels)
    {
        if (!input.PreparesInside)
        {
            int[] pixels = [3, input.Size, input.Size];
            return new VaryingInputs([ClassificationManifest.Pixels], pixels, pixels, pixels);
        }
        var most = (int)Math.Sqrt(maximumPixels);
        return new VaryingInputs([ClassificationManifest.Image], [1, 1, 3], [input.Resize, input.Resize, 3], [most, most, 3]);
    }
}
