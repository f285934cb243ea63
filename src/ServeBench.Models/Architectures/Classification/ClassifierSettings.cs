using ServeBench.Domain.Yaml;

namespace ServeBench.Models.Architectures.Classification;

/// <summary>What the <c>export:</c> sections of all convolutional classifiers have in common.</summary>
/// <param name="Classes">How many there are.</param>
/// <param name="NormEpsilon">Added to a channel's variance before its root is taken.</param>
/// <param name="FoldsNorms">True when batch normalisation is multiplied into the convolutions: the same function in fewer
/// operators.</param>
/// <param name="Input">What the network sees of an image.</param>
/// <param name="PreparesInGraph">True when the graph takes decoded images, uint8 [batch, height, width, 3], and does all of
/// <paramref name="Input"/> itself; else it takes the result, float [batch, 3, size, size].</param>
/// <param name="GivesProbabilities">True when the graph ends with a softmax; else it gives logits.</param>
/// <param name="Top">How many classes the graph chooses, best first, with their indices, beside the scores of all in their own order; 0
/// where it chooses none.</param>
public sealed record ClassifierSettings(
    int Classes, double NormEpsilon, bool FoldsNorms, ImageInput Input, bool PreparesInGraph, bool GivesProbabilities, int Top)
{
    /// <summary>How many of the best classes clients ask for, and answers are compared by.</summary>
    public const int LeastTop = 5;

    internal static ClassifierSettings Read(YamlMapping section)
    {
        var classes = section.Integer("classes", 2, 1 << 20);
        var settings = new ClassifierSettings(
            classes,
            section.Number("norm-epsilon", 1e-12, 1e-1, 1e-5),
            section.Flag("fold-norms", true),
            ImageInput.Read(section.Mapping("input")),
            section.Flag("prepare-in-graph", false),
            section.OptionalOneOf("output", ["logits", "probabilities"], "logits") == "probabilities",
            section.Integer("top", 0, classes, 0));
        if (settings.Top > 0 && !settings.GivesProbabilities)
            section.Fault("top", "the best logits alone say nothing of the other classes", "Set output: probabilities as well");
        if (settings.Top > 0 && settings.Top < Math.Min(LeastTop, classes))
            section.Fault(
                "top",
                $"clients ask for the best {Math.Min(LeastTop, classes)} classes, and the graph would give {settings.Top}",
                $"Give 0 for the scores of all classes, or {Math.Min(LeastTop, classes)} to {classes}");
        return settings;
    }
}
