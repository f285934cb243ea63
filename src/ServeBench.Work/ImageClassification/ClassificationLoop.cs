using ServeBench.Domain.Trials;
using ServeBench.Models.Inference;
using ServeBench.Models.References.Classification;

namespace ServeBench.Work.ImageClassification;

/// <summary>
/// Runs images through ONNX Runtime as fast as it goes, with no server around it and nothing to decode: prepared ones, or decoded ones
/// where the graph prepares them.
/// </summary>
internal sealed class ClassificationLoop : IRawRuntime
{
    private const int LeastExecutions = 3;

    private readonly Action<int, int> _run;
    private readonly int _images;
    private readonly TimeProvider _time;
    private readonly ClassifierSession? _session;

    /// <param name="run">Executes a batch: the first of its images, and how many they are.</param>
    /// <param name="images">Images that there are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="session">What executes it, disposed of with the loop; null where a test does.</param>
    public ClassificationLoop(Action<int, int> run, int images, TimeProvider time, ClassifierSession? session = null) =>
        (_run, _images, _time, _session) = (run, images, time, session);

    public string Description => _session?.Runtime ?? "";

    /// <summary>A loop over a session, which it disposes of.</summary>
    /// <param name="session">The model, set up as the servers set it up.</param>
    /// <param name="images">What is executed; again and again where the largest batch holds more.</param>
    /// <param name="options">The largest batch, and the clock.</param>
    public static ClassificationLoop Over(ClassifierSession session, IEnumerable<SentImage> images, RawOptions options)
    {
        SentImage[] all = [.. images];
        var count = Math.Max(all.Length, options.LargestBatch);
        var run = session.Manifest.Input.PreparesInside
            ? OneByOne(session, all, options.LargestBatch)
            : Together(session, all, count, options.LargestBatch);
        return new ClassificationLoop(run, count, options.Time, session);
    }

    /// <summary>Batches of prepared images, laid out once.</summary>
    private static Action<int, int> Together(ClassifierSession session, SentImage[] images, int count, int largestBatch)
    {
        float[][] prepared = [.. images.Select(i => i.Pixels is { } pixels
            ? pixels()
            : ReferencePreparation.Prepare(i.Decoded!(), session.Manifest.Input))];
        var length = session.PixelsOfImage;
        var all = new float[count * length];
        for (var i = 0; i < count; i++) prepared[i % prepared.Length].CopyTo(all, i * length);
        var scores = new float[largestBatch * session.Manifest.Classes];
        return (first, batch) => session.Run(all.AsMemory(first * length), batch, scores);
    }

    /// <summary>Decoded images, which have sizes of their own: each is an execution, as in the servers.</summary>
    private static Action<int, int> OneByOne(ClassifierSession session, SentImage[] images, int largestBatch)
    {
        ReferenceImage[] decoded = [.. images.Select(i => i.Decoded!())];
        var classes = session.Manifest.Classes;
        var scores = new float[largestBatch * classes];
        return (first, batch) =>
        {
            for (var i = 0; i < batch; i++)
                session.Run(decoded[(first + i) % decoded.Length], scores.AsMemory(i * classes));
        };
    }

    public void Dispose() => _session?.Dispose();

    /// <summary>Measures one batch size; every image costs the same, whatever it shows.</summary>
    /// <param name="batchSize">Images per execution.</param>
    /// <param name="duration">How long to go on; at least three executions are made.</param>
    /// <param name="cancellationToken">Ends the loop between two executions.</param>
    public CeilingPoint Measure(int batchSize, TimeSpan duration, CancellationToken cancellationToken)
    {
        var batch = Math.Min(batchSize, _images);
        // Memory is taken before the clock starts.
        _run(0, batch);
        var executions = 0;
        var started = _time.GetTimestamp();
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            _run(executions * batch % (_images - batch + 1), batch);
            executions++;
        }
        while (_time.GetElapsedTime(started) < duration || executions < LeastExecutions);
        return new CeilingPoint(batchSize, executions * batch / _time.GetElapsedTime(started).TotalSeconds, executions);
    }
}
