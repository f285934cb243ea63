using Microsoft.ML.OnnxRuntime;
using ServeBench.Domain.Faults;
using ServeBench.Models.References.Classification;
using ServeBench.Models.Store;

namespace ServeBench.Models.Inference;

/// <summary>A model that classifies images, loaded into ONNX Runtime. May be used by several threads at once.</summary>
public sealed class ClassifierSession : IDisposable
{
    private const int Channels = 3;

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    private ClassifierSession(InferenceSession session, ClassificationManifest manifest, SessionSettings settings)
    {
        _session = session;
        Manifest = manifest;
        Runtime = RuntimeSessions.Described(settings);
    }

    public ClassificationManifest Manifest { get; }

    /// <summary>The runtime with its version and settings, for reports.</summary>
    public string Runtime { get; }

    /// <summary>Numbers in the prepared pixels of one image: 3 x size x size.</summary>
    public int PixelsOfImage => Channels * Manifest.Input.Size * Manifest.Input.Size;

    /// <summary>Loads the model of a folder that <see cref="ModelStore"/> prepared.</summary>
    /// <exception cref="RunFailedException">when the folder is not one, or the runtime cannot load the model.</exception>
    public static ClassifierSession Load(string modelFolder, SessionSettings settings) =>
        Load(modelFolder, ClassificationManifest.Read(modelFolder), settings);

    /// <inheritdoc cref="Load(string, SessionSettings)"/>
    /// <param name="manifest">The folder's manifest, already read.</param>
    public static ClassifierSession Load(string modelFolder, ClassificationManifest manifest, SessionSettings settings) =>
        new(RuntimeSessions.Load(Path.Combine(modelFolder, manifest.OnnxFile), settings), manifest, settings);

    /// <summary>Scores a batch of prepared images.</summary>
    /// <param name="pixels">[batch, 3, size, size], image by image; at least so many numbers.</param>
    /// <param name="batch">Images.</param>
    /// <param name="scores">Receives the scores, [batch, classes], image by image.</param>
    /// <exception cref="RunFailedException">when the runtime reports a failure, or the graph takes decoded images.</exception>
    public void Run(Memory<float> pixels, int batch, Memory<float> scores)
    {
        if (Manifest.Input.PreparesInside)
            throw new RunFailedException(
                $"The graph of {Manifest.Model} prepares images itself and takes no prepared pixels",
                "Use a model without prepare-in-graph where tensors are sent");
        var memory = OrtMemoryInfo.DefaultInstance;
        long[] shape = [batch, Channels, Manifest.Input.Size, Manifest.Input.Size];
        using var input = OrtValue.CreateTensorValueFromMemory(memory, pixels[..checked(batch * PixelsOfImage)], shape);
        using var output = OrtValue.CreateTensorValueFromMemory(
            memory, scores[..checked(batch * Manifest.Classes)], [batch, Manifest.Classes]);
        Run(ClassificationManifest.Pixels, input, output);
    }

    /// <summary>Scores one decoded image of any size, which the graph prepares itself.</summary>
    /// <param name="image">The image.</param>
    /// <param name="scores">Receives the scores, [classes].</param>
    /// <exception cref="RunFailedException">when the runtime reports a failure, or the graph takes prepared pixels.</exception>
    public void Run(ReferenceImage image, Memory<float> scores)
    {
        if (!Manifest.Input.PreparesInside)
            throw new RunFailedException(
                $"The graph of {Manifest.Model} takes prepared pixels and no decoded images",
                "Prepare the images, or use a model with prepare-in-graph");
        using var input = OrtValue.CreateTensorValueFromMemory(image.Pixels, [1, image.Height, image.Width, Channels]);
        using var output = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, scores[..Manifest.Classes], [1, Manifest.Classes]);
        Run(ClassificationManifest.Image, input, output);
    }

    /// <summary>The scores of one decoded image, whoever prepares it; [classes].</summary>
    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    public float[] Scores(ReferenceImage image)
    {
        var scores = new float[Manifest.Classes];
        if (Manifest.Input.PreparesInside) Run(image, scores);
        else Run(ReferencePreparation.Prepare(image, Manifest.Input), 1, scores);
        return scores;
    }

    /// <summary>
    /// The logits of one decoded image, to within a number that is added to all of them where the graph gives probabilities.
    /// </summary>
    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    public float[] Logits(ReferenceImage image) => LogitsOf(Scores(image));

    /// <summary>The logits of one image that is prepared.</summary>
    /// <param name="pixels">[3, size, size].</param>
    /// <exception cref="RunFailedException">when the runtime reports a failure, or the graph takes decoded images.</exception>
    public float[] Logits(float[] pixels)
    {
        var scores = new float[Manifest.Classes];
        Run(pixels, 1, scores);
        return LogitsOf(scores);
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private float[] LogitsOf(float[] scores) =>
        Manifest.Output == ClassificationManifest.Probabilities ? LogitDistance.OfProbabilities(scores) : scores;

    private void Run(string name, OrtValue input, OrtValue output)
    {
        try
        {
            _session.Run(_run, [name], [input], [Manifest.Output], [output]);
        }
        catch (OnnxRuntimeException e)
        {
            throw new RunFailedException($"ONNX Runtime failed on images for {Manifest.Model}: {e.Message}", "", e);
        }
    }
}
