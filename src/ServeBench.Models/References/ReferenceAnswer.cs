namespace ServeBench.Models.References;

/// <summary>One reference input of a model with its expected output.</summary>
/// <param name="Text">The input text.</param>
/// <param name="Embedding">The expected embedding, computed in double precision without any inference runtime.</param>
public sealed record ReferenceAnswer(string Text, IReadOnlyList<float> Embedding);
