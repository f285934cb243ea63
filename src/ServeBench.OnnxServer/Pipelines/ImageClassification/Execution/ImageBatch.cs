using System.Numerics.Tensors;
using ServeBench.Domain.Faults;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;

/// <summary>Executes images together; those that the graph prepares itself one after the other, since each has its own size.</summary>
/// <param name="runner">Whose buffers.</param>
/// <param name="input">How pixels are prepared.</param>
internal sealed class ImageBatch(IClassifierRunner runner, ManifestImageInput input) : IBatchExecutor
{
    private readonly List<PreparedImage> _images = [];
    private readonly float[] _scale = [.. input.Deviation.Select(d => (float)(1 / (255 * d)))];
    private readonly float[] _shift = [.. input.Mean.Zip(input.Deviation, (m, d) => (float)(-m / d))];
    private readonly int _plane = input.Size * input.Size;

    public ItemWords Words { get; } = new("image", "images", "scores");

    public int LayOut(ReadOnlySpan<QueuedItem> items)
    {
        _images.Clear();
        foreach (var item in items)
        {
            var image = ((ClassificationRequest)item.Request).Image(item.Index);
            var into = input.PreparesInside ? [] : runner.Pixels.Slice(_images.Count * _scale.Length * _plane, _scale.Length * _plane);
            _images.Add(image);
            if (image.Form == ImageForm.Planes) Prepare(image.Octets, into);
            else if (image.Form == ImageForm.Pixels) image.Singles.AsSpan(0, into.Length).CopyTo(into);
        }
        return items.Length;
    }

    public void Execute()
    {
        if (!input.PreparesInside)
        {
            runner.Run(_images.Count);
            return;
        }
        for (var i = 0; i < _images.Count; i++)
        {
            var image = _images[i];
            runner.Run(image.Octets, image.Height, image.Width, i);
        }
    }

    public RunFailedException? Deliver(int place, in QueuedItem item, long at)
    {
        var scores = runner.Scores(place);
        // Not a number outweighs every number here, so one look at the largest sees it, too.
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude(scores)))
            return new RunFailedException("The model gave scores that are something else than finite numbers");
        ((ClassificationRequest)item.Request).Finish(item.Index, scores, runner.Classes(place), at);
        return null;
    }

    private void Prepare(ReadOnlySpan<byte> planes, Span<float> into)
    {
        for (var colour = 0; colour < _scale.Length; colour++)
        {
            var part = colour * _plane;
            Normalisation.Apply(planes.Slice(part, _plane), _scale[colour], _shift[colour], into.Slice(part, _plane));
        }
    }
}
