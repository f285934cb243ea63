namespace ServeBench.OnnxServer.Runtime;

/// <summary>Inputs of a model, all of one shape, of which the caller chooses the first dimension, the batch.</summary>
/// <param name="Names">What the graph calls them.</param>
/// <param name="Least">The smallest sizes of the other dimensions.</param>
/// <param name="Usual">Those that are to be quickest.</param>
/// <param name="Most">The largest.</param>
internal sealed record VaryingInputs(
    IReadOnlyList<string> Names, IReadOnlyList<int> Least, IReadOnlyList<int> Usual, IReadOnlyList<int> Most);
