namespace ServeBench.Models.Store;

/// <summary>One reference image of a model with its expected answer.</summary>
/// <param name="Image">The image's file in the model's folder.</param>
/// <param name="Logits">One for each class, before any softmax.</param>
public sealed record ClassificationReference(string Image, IReadOnlyList<float> Logits);
