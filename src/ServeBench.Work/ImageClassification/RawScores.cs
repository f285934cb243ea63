using ServeBench.Models.Inference;
using ServeBench.Models.References.Classification;
using ServeBench.Models.Store;

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
        var scores = image.Decoded is { } decoded ? session.Scores(decoded()) : OfPixels(image.Pixels!());
        return _known[image.Content] =
            session.Manifest.Output == ClassificationManifest.Probabilities ? LogitDistance.OfProbabilities(scores) : scores;
    }

    private float[] OfPixels(float[] pixels)
    {
        var scores = new float[session.Manifest.Classes];
        session.Run(pixels, 1, scores);
        return scores;
    }
}
