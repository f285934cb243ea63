using ServeBench.Domain.Faults;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;

/// <summary>Executes batches of images. Belongs to one worker: no two threads at once.</summary>
internal interface IClassifierRunner
{
    /// <summary>Room for prepared pixels, [batch, 3, size, size].</summary>
    Span<float> Pixels { get; }

    /// <summary>Executes the first images in <see cref="Pixels"/>.</summary>
    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    void Run(int batch);

    /// <summary>Executes one image that the graph prepares itself.</summary>
    /// <param name="image">[height, width, 3].</param>
    /// <param name="height">Its height.</param>
    /// <param name="width">Its width.</param>
    /// <param name="place">Where its results are put.</param>
    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    void Run(Memory<byte> image, int height, int width, int place);

    /// <summary>The scores of an image of the last execution: of all classes in their order, or of the best, best first.</summary>
    ReadOnlySpan<float> Scores(int place);

    /// <summary>The classes that belong to the scores; empty where the scores are those of all classes.</summary>
    ReadOnlySpan<long> Classes(int place);
}
