namespace ServeBench.Domain.Trials;

/// <summary>The connections of the window's requests.</summary>
/// <param name="Opened">How many were made for one of them, which waited for it; connecting is part of its latency.</param>
/// <param name="Reopened">How many of those replaced one that the server had closed before it took the request.</param>
public sealed record ConnectionUse(int Opened, int Reopened);
