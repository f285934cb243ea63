using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ServeBench.Domain.Faults;
using ServeBench.Models.Store;
using ServeBench.Models.Tokenizers;

namespace ServeBench.Models.Inference;

/// <summary>
/// An embedding model loaded into ONNX Runtime. Inputs and outputs are the caller's memory, nothing is copied on the way.
/// <see cref="Run"/> may be called from several threads at once.
/// </summary>
public sealed class EmbeddingSession : IDisposable
{
    private static readonly string[] InputNames = ["input_ids", "attention_mask"];
    private static readonly string[] OutputNames = ["embedding"];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    private EmbeddingSession(InferenceSession session, EmbeddingManifest manifest, SessionSettings settings)
    {
        _session = session;
        Manifest = manifest;
        Runtime = RuntimeSessions.Described(settings);
    }

    public EmbeddingManifest Manifest { get; }

    /// <summary>Numbers in an embedding.</summary>
    public int Dimensions => Manifest.Dimensions;

    /// <summary>The runtime with its version and settings, for reports.</summary>
    public string Runtime { get; }

    /// <summary>Loads the model of a folder that <see cref="ModelStore"/> prepared.</summary>
    /// <exception cref="RunFailedException">when the folder is not one, or the runtime cannot load the model.</exception>
    public static EmbeddingSession Load(string modelFolder, SessionSettings settings) =>
        Load(modelFolder, EmbeddingManifest.Read(modelFolder), settings);

    /// <inheritdoc cref="Load(string, SessionSettings)"/>
    /// <param name="manifest">The folder's manifest, already read.</param>
    public static EmbeddingSession Load(string modelFolder, EmbeddingManifest manifest, SessionSettings settings) =>
        new(RuntimeSessions.Load(Path.Combine(modelFolder, manifest.OnnxFile), settings), manifest, settings);

    /// <summary>The tokenizer that belongs to a model folder.</summary>
    public static WordPieceTokenizer LoadTokenizer(string modelFolder, EmbeddingManifest manifest) =>
        WordPieceTokenizer.Load(Path.Combine(modelFolder, manifest.Tokenizer.VocabularyFile), manifest.Tokenizer.MaximumTokens);

    /// <summary>Embeds a batch of token sequences that are padded to one length.</summary>
    /// <param name="ids">Token ids, [batch, sequence], row by row.</param>
    /// <param name="mask">1 where there is a token, 0 where there is padding; of the same shape.</param>
    /// <param name="embeddings">Receives the embeddings, [batch, <see cref="Dimensions"/>], row by row.</param>
    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    public unsafe void Run(ReadOnlySpan<long> ids, ReadOnlySpan<long> mask, int batch, int sequence, Span<float> embeddings)
    {
        var tokens = checked(batch * sequence);
        var numbers = checked(batch * Dimensions);
        if (tokens == 0 || ids.Length < tokens || mask.Length < tokens || embeddings.Length < numbers)
        {
            throw new ArgumentException(
                $"a batch of {batch} x {sequence} tokens needs {tokens} ids, {tokens} mask values and room for {numbers} numbers, "
                    + $"at least one token; given {ids.Length}, {mask.Length} and {embeddings.Length}",
                nameof(ids));
        }
        fixed (long* idsAt = ids)
        fixed (long* maskAt = mask)
        fixed (float* embeddingsAt = embeddings)
        {
            long[] inputShape = [batch, sequence];
            var memory = OrtMemoryInfo.DefaultInstance;
            using var idsValue =
                OrtValue.CreateTensorValueWithData(memory, TensorElementType.Int64, inputShape, (nint)idsAt, tokens * sizeof(long));
            using var maskValue =
                OrtValue.CreateTensorValueWithData(memory, TensorElementType.Int64, inputShape, (nint)maskAt, tokens * sizeof(long));
            using var output = OrtValue.CreateTensorValueWithData(
                memory, TensorElementType.Float, [batch, Dimensions], (nint)embeddingsAt, numbers * sizeof(float));
            try
            {
                _session.Run(_run, InputNames, [idsValue, maskValue], OutputNames, [output]);
            }
            catch (OnnxRuntimeException e)
            {
                throw new RunFailedException($"ONNX Runtime failed on a batch of {batch} x {sequence} tokens: {e.Message}", "", e);
            }
        }
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }
}
