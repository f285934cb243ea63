using System.Buffers;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;

/// <summary>The images of one request, and the room for their scores.</summary>
internal sealed class ClassificationRequest : ScheduledRequest
{
    private readonly List<PreparedImage> _images = [];
    private float[]? _scores;
    private long[]? _classes;
    private int _width;
    private ImageRoom? _room;
    private long _taken;

    /// <summary>Adds an image, whose memory belongs to the request from now on.</summary>
    /// <param name="image">The image.</param>
    /// <param name="room">Where all images have to fit.</param>
    /// <returns>False when there is no room for it.</returns>
    public bool TryAdd(in PreparedImage image, ImageRoom room)
    {
        if (!room.TryTake(image.Bytes))
        {
            image.Return();
            return false;
        }
        _room = room;
        _taken += image.Bytes;
        _images.Add(image);
        Count++;
        TotalCost++;
        return true;
    }

    /// <summary>Every image costs the same.</summary>
    public override int Cost(int item) => 1;

    public PreparedImage Image(int index) => _images[index];

    /// <summary>
    /// The scores of an image, valid once <see cref="ScheduledRequest.Completion"/> says <see cref="InferenceOutcome.Done"/>: of all
    /// classes in their order, or of the best, best first.
    /// </summary>
    public ReadOnlySpan<float> Scores(int image) => _scores.AsSpan(image * _width, _width);

    /// <summary>The classes that belong to the scores; empty where the scores are those of all classes; valid as they are.</summary>
    public ReadOnlySpan<long> Classes(int image) => _classes is null ? [] : _classes.AsSpan(image * _width, _width);

    /// <summary>Queues the images, all or none.</summary>
    /// <param name="model">Whose scores they get.</param>
    /// <returns>False when there is no room for them.</returns>
    public bool TryQueue(ClassificationModel model)
    {
        _width = model.ScoresOfImage;
        _scores = ArrayPool<float>.Shared.Rent(Count * _width);
        if (model.Own.Top > 0) _classes = ArrayPool<long>.Shared.Rent(Count * _width);
        return TryQueue(model.Queue);
    }

    /// <summary>Notes an image's scores. Called by workers, each for images of its own.</summary>
    public void Finish(int image, ReadOnlySpan<float> scores, ReadOnlySpan<long> classes, long at)
    {
        scores.CopyTo(_scores.AsSpan(image * _width));
        if (_classes is not null) classes.CopyTo(_classes.AsSpan(image * _width));
        Finish(at);
    }

    public override void Reset()
    {
        foreach (var image in _images) image.Return();
        _images.Clear();
        _room?.Give(_taken);
        (_room, _taken) = (null, 0);
        if (_scores is not null) ArrayPool<float>.Shared.Return(_scores);
        if (_classes is not null) ArrayPool<long>.Shared.Return(_classes);
        (_scores, _classes) = (null, null);
        base.Reset();
    }
}
