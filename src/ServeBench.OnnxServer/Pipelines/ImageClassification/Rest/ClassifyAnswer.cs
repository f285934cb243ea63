using System.Buffers;
using System.Numerics.Tensors;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Rest;

/// <summary>
/// The answer of a request for classes: <c>{"model": NAME, "predictions": [{"classes": [...], "scores": [...]}, ...]}</c>, the best class
/// first. Scores are probabilities, except of a graph that chooses the best classes itself: then they are what it gives for them. Where
/// they are asked for, all <c>logits</c> follow, in the order of the classes.
/// </summary>
/// <param name="Model">The model asked for.</param>
/// <param name="Top">How many classes.</param>
/// <param name="WantsLogits">Whether the logits follow.</param>
internal readonly record struct ClassifyAnswer(ClassificationModel Model, int Top, bool WantsLogits) : IAnswer<ClassificationRequest>
{
    private static ReadOnlySpan<byte> Begin => "{\"model\":"u8;

    private static ReadOnlySpan<byte> Predictions => ",\"predictions\":["u8;

    private static ReadOnlySpan<byte> End => "]}"u8;

    ServedModel IAsked<ClassificationRequest>.Model => Model;

    public string ContentType => "application/json";

    public int HeadRoom => Begin.Length + Model.JsonName.Length + Predictions.Length;

    public int ItemRoom => 64 + (Top * (NumberWriter.LongestInteger + 1)) + NumberWriter.RoomForArray(Top)
        + (WantsLogits ? NumberWriter.RoomForArray(Model.ScoresOfImage) : 0);

    public int TailRoom => End.Length;

    public bool TryQueue(ClassificationRequest request) => request.TryQueue(Model);

    public void Complete(HttpResponse response)
    {
    }

    public int WriteHead(ClassificationRequest request, Span<byte> into)
    {
        var at = NumberWriter.Write(Begin, into);
        at += NumberWriter.Write(Model.JsonName, into[at..]);
        return at + NumberWriter.Write(Predictions, into[at..]);
    }

    public int WriteItem(ClassificationRequest request, int index, Span<byte> into)
    {
        var classes = ArrayPool<int>.Shared.Rent(Top);
        var scores = ArrayPool<float>.Shared.Rent(Math.Max(Top, Model.ScoresOfImage));
        var chosen = classes.AsSpan(0, Top);
        Choose(request, index, chosen, scores);
        var at = NumberWriter.Write(index == 0 ? "{\"classes\":["u8 : ",{\"classes\":["u8, into);
        for (var i = 0; i < Top; i++)
        {
            if (i > 0) into[at++] = (byte)',';
            at += NumberWriter.Write(chosen[i], into[at..]);
        }
        at += NumberWriter.Write("],\"scores\":"u8, into[at..]);
        at += NumberWriter.WriteArray(scores.AsSpan(0, Top), into[at..]);
        if (WantsLogits)
        {
            at += NumberWriter.Write(",\"logits\":"u8, into[at..]);
            at += NumberWriter.WriteArray(request.Scores(index), into[at..]);
        }
        into[at++] = (byte)'}';
        ArrayPool<int>.Shared.Return(classes);
        ArrayPool<float>.Shared.Return(scores);
        return at;
    }

    public int WriteTail(ClassificationRequest request, Span<byte> into) => NumberWriter.Write(End, into);

    private void Choose(ClassificationRequest request, int index, Span<int> classes, Span<float> scores)
    {
        var given = request.Scores(index);
        if (request.Classes(index) is { IsEmpty: false } best)
        {
            for (var i = 0; i < classes.Length; i++) (classes[i], scores[i]) = ((int)best[i], given[i]);
            return;
        }
        BestClasses.Choose(given, classes);
        if (Model.GivesLogits)
        {
            var all = scores[..given.Length];
            var most = given[classes[0]];
            TensorPrimitives.Subtract(given, most, all);
            TensorPrimitives.Exp(all, all);
            var sum = TensorPrimitives.Sum<float>(all);
            for (var i = 0; i < classes.Length; i++) scores[i] = MathF.Exp(given[classes[i]] - most) / sum;
            return;
        }
        for (var i = 0; i < classes.Length; i++) scores[i] = given[classes[i]];
    }
}
