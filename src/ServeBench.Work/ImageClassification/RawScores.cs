using ServeBench.Models.Inference;

namespace ServeBench.Work.ImageClassification;

/// <summary>The raw runtime's own logits of any image, computed once for each.</summary>
/// <param name="session">The model, disposed of with this.</param>
internal sealed class RawScores(ClassifierSession session) : IExpectations
{
    private readonly Dictionary<string, float[]> _known = [];

    public IReadOnlyList<object> Of(WorkRequest request) => [.. ((ImageRequest)request).Images.Select(Logits)];

    public void Dispose() => session.Dispose();

    private float[] Logits(SentImage image)
    {
        if (_known.TryGetValue(image.Content, out var known)) return known;
        return _known[image.Content] = image.Decoded is { } decoded ? session.Logits(decoded()) : session.Logits(image.Pixels!());
    }
}
