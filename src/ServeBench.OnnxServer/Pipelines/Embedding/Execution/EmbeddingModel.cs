using System.Diagnostics;
using ServeBench.Domain.Faults;
using ServeBench.Models.Store;
using ServeBench.Models.Tokenizers;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Runtime;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.Execution;

/// <summary>A model that makes embeddings of texts.</summary>
internal sealed class EmbeddingModel : ServedModel
{
    /// <summary>An input of texts in place of tokens, which the server tokenises.</summary>
    public static readonly ManifestTensor Texts = new("text", "string", ["batch", "1"]);

    private readonly IDisposable _owned;
    private readonly Batcher _batcher;

    /// <param name="name">What clients call it.</param>
    /// <param name="manifest">What is known of it.</param>
    /// <param name="tokenizer">Its tokenizer, for texts of any length.</param>
    /// <param name="runners">One for each execution that may run at once; they are warmed here.</param>
    /// <param name="options">Limits and how to batch.</param>
    /// <param name="time">The clock, the one that requests are stamped with.</param>
    /// <param name="logger">Is given failures.</param>
    /// <param name="owned">What is disposed of with the model, the runners included.</param>
    public EmbeddingModel(
        string name,
        EmbeddingManifest manifest,
        WordPieceTokenizer tokenizer,
        IReadOnlyList<IEmbeddingRunner> runners,
        ServerOptions options,
        TimeProvider time,
        ILogger logger,
        IDisposable owned)
        : base(name, manifest)
    {
        Own = manifest;
        Tokenizer = tokenizer;
        _owned = owned;
        var cost = WarmUp.Run(runners, tokenizer.Vocabulary.Begin, manifest.Tokenizer.MaximumTokens);
        _batcher = new Batcher(
            name,
            [.. runners.Select(r => new EmbeddingBatch(r, tokenizer.Vocabulary.Pad))],
            cost,
            options.MaxBatchTokens,
            options,
            Metrics,
            time,
            logger);
    }

    /// <summary>What is known of it beside what is known of every model.</summary>
    public EmbeddingManifest Own { get; }

    /// <summary>Numbers in an embedding.</summary>
    public int Dimensions => Own.Dimensions;

    /// <summary>Takes texts of any length: the room that it is given decides where it cuts.</summary>
    public WordPieceTokenizer Tokenizer { get; }

    /// <summary>The most tokens of a text, special tokens included.</summary>
    public int MaximumTokens => Own.Tokenizer.MaximumTokens;

    /// <summary>Its own inputs, and the texts in their place.</summary>
    public override IEnumerable<ManifestTensor> Inputs => [.. base.Inputs, Texts];

    public override WorkQueue Queue => _batcher.Queue;

    /// <summary>Loads and warms a model.</summary>
    /// <exception cref="RunFailedException">when its folder is not whole or the runtime cannot load it.</exception>
    public static EmbeddingModel Load(ModelFolder folder, ServerOptions options, TimeProvider time, ILogger logger)
    {
        var began = Stopwatch.GetTimestamp();
        var manifest = EmbeddingManifest.Read(folder.Folder);
        var name = folder.Name ?? manifest.Model;
        // The tokenizer and the session are independent of each other, and both take their time.
        var reading = Task.Run(() => WordPieceTokenizer.Load(Path.Combine(folder.Folder, manifest.Tokenizer.VocabularyFile), int.MaxValue));
        var runners = Runners(folder.Folder, manifest, options, logger);
        try
        {
            return new EmbeddingModel(name, manifest, reading.GetAwaiter().GetResult(), runners.All, options, time, logger, runners)
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

    private static SessionRunners<BoundRunner> Runners(string folder, EmbeddingManifest manifest, ServerOptions options, ILogger logger)
    {
        var most = manifest.Tokenizer.MaximumTokens;
        var tokens = Math.Max(options.MaxBatchTokens, most);
        return SessionRunners<BoundRunner>.Load(
            folder,
            manifest,
            new VaryingInputs(["input_ids", "attention_mask"], [1], [Math.Max(1, most / 2)], [most]),
            options,
            logger,
            session => new BoundRunner(session, manifest.Dimensions, options.MaxBatch, tokens, options.Provider != Provider.Cpu));
    }
}
