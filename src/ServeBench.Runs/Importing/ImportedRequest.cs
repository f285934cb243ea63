namespace ServeBench.Runs.Importing;

/// <summary>One request that another tool has measured.</summary>
/// <param name="Sent">Nanoseconds on that tool's clock; null when the format does not tell.</param>
/// <param name="Duration">Nanoseconds from its first byte sent to the last received.</param>
/// <param name="Failed">Null when the format does not tell.</param>
internal readonly record struct ImportedRequest(long? Sent, long Duration, bool? Failed);
