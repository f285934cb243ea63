namespace ServeBench.OnnxServer.Runtime;

/// <summary>Inputs of a model, all of the shape [batch, length].</summary>
/// <param name="Names">What the graph calls them.</param>
/// <param name="MaximumLength">The largest length.</param>
internal sealed record VaryingInputs(IReadOnlyList<string> Names, int MaximumLength);
