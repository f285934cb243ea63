using ServeBench.OnnxServer.Inference;

namespace ServeBench.OnnxServer.Protocols.OpenAi;

/// <summary>What a request for embeddings asks, beside its texts.</summary>
/// <param name="Model">The model asked for.</param>
/// <param name="IsBase64">True when embeddings are wanted as base64 of their bytes, false for arrays of numbers.</param>
internal readonly record struct EmbeddingsRequest(ServedModel Model, bool IsBase64);
