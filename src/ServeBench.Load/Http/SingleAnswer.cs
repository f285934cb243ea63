namespace ServeBench.Load.Http;

/// <summary>What came of one request outside a load.</summary>
/// <param name="Status">HTTP status; 0 when there was no whole answer.</param>
/// <param name="Body">The body, transfer coding removed; empty when there was no whole answer.</param>
/// <param name="Failure">Why there was no whole answer, for people; null when there was one.</param>
public sealed record SingleAnswer(int Status, byte[] Body, string? Failure);
