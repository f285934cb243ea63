using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Models.Inference;
using ServeBench.Models.Store;
using ServeBench.Models.Tokenizers;
using ServeBench.OnnxServer.Batching;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Metrics;

namespace ServeBench.OnnxServer.Inference;

/// <summary>A model that is loaded, warm and ready to be asked.</summary>
internal sealed class ServedModel : IDisposable
{
    private readonly IReadOnlyList<IDisposable> _sessions;
    private readonly Batcher _batcher;

    private ServedModel(string name, ModelManifest manifest, WordPieceTokenizer tokenizer, IReadOnlyList<EmbeddingSession> sessions, Batcher batcher, ModelMetrics metrics)
    {
        Name = name;
        Manifest = manifest;
        Tokenizer = tokenizer;
        _sessions = sessions;
        _batcher = batcher;
        Metrics = metrics;
        Runtime = sessions[0].Runtime;
        JsonName = [(byte)'"', .. JsonEncodedText.Encode(name).EncodedUtf8Bytes, (byte)'"'];
    }

    /// <summary>What clients call it.</summary>
    public string Name { get; }

    /// <summary>The name as a JSON string, quotes included.</summary>
    public byte[] JsonName { get; }

    public ModelManifest Manifest { get; }

    /// <summary>Cuts texts one token later than the model does, so that one that is too long can be told from one that just fits.</summary>
    public WordPieceTokenizer Tokenizer { get; }

    /// <summary>The most tokens of a text, special tokens included.</summary>
    public int MaximumTokens => Manifest.Tokenizer.MaximumTokens;

    public TextQueue Queue => _batcher.Queue;

    public ModelMetrics Metrics { get; }

    /// <summary>The runtime with its version and settings.</summary>
    public string Runtime { get; }

    /// <summary>SHA-256 of the ONNX file.</summary>
    public string Sha256 => Manifest.Files.Single(f => f.Name == Manifest.OnnxFile).Sha256;

    /// <summary>Loads and warms a model.</summary>
    /// <exception cref="RunFailedException">when its folder is not whole or the runtime cannot load it.</exception>
    public static ServedModel Load(ModelFolder folder, ServerOptions options, ILoggerFactory loggers)
    {
        var manifest = ModelManifest.Read(folder.Folder);
        var name = folder.Name ?? manifest.Model;
        var settings = new SessionSettings { IntraOpThreads = options.Threads, Spin = options.Spin };
        // With one thread each, executions run side by side in one session, and its weights are in memory once.
        var count = options.Threads == 1 ? 1 : options.Instances;
        var sessions = Enumerable.Range(0, count).Select(_ => EmbeddingSession.Load(folder.Folder, manifest, settings)).ToArray();
        var runners = Enumerable.Range(0, options.Instances).Select(i => new RuntimeRunner(sessions[i % count])).ToArray();
        var vocabulary = Vocabulary.Load(Path.Combine(folder.Folder, manifest.Tokenizer.VocabularyFile));
        var tokenizer = new WordPieceTokenizer(vocabulary, manifest.Tokenizer.MaximumTokens + 1);
        var overhead = WarmUp.Run(runners, vocabulary.Begin);
        var metrics = new ModelMetrics();
        var batcher = new Batcher(name, runners, vocabulary.Pad, overhead, options, metrics, loggers.CreateLogger<InferenceWorker>());
        return new ServedModel(name, manifest, tokenizer, sessions, batcher, metrics);
    }

    /// <summary>Finishes what waits, ends the workers and unloads the model.</summary>
    public void Dispose()
    {
        _batcher.Dispose();
        foreach (var session in _sessions) session.Dispose();
    }
}
