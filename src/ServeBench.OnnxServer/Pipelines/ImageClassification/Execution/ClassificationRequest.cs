using System.Buffers;
using ServeBench.OnnxServer.Protocols;
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

    /// <summary>Takes room for the next image, before its memory is taken; it is given back with the request.</summary>
    /// <param name="bytes">How much memory it needs.</param>
    /// <param name="room">Where all images have to fit.</param>
    /// <returns>Why it cannot have it; null when it has.</returns>
    public ApiError? Reserve(long bytes, ImageRoom room)
    {
        var needed = ImageRoom.SizeOf(bytes);
        if (_taken + needed > ImageRoom.Most)
            return ApiError.Invalid(
                $"The images of the request need {_taken + needed} bytes of memory, more than the {ImageRoom.Most} that this server has "
                    + "for images; send fewer, or smaller ones");
        if (!room.TryTake(needed)) return ApiError.Overloaded;
        _room = room;
        _taken += needed;
        return null;
    }

    /// <summary>Adds an image that there is room for; its memory belongs to the request from now on.</summary>
    public void Add(in PreparedImage image)
    {
        _images.Add(image);
        Count++;
        TotalCost++;
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
