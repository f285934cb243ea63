namespace ServeBench.Models.Hub;

/// <summary>
/// The hub does not give what was asked of it: it cannot be reached, or it refuses. What it gave and should not have is
/// another matter, a <see cref="Domain.Faults.RunFailedException"/>.
/// </summary>
/// <param name="brief">The same in a few words, for tables and reports: <c>huggingface.co cannot be reached from here</c>.</param>
internal sealed class HubUnavailableException(string message, string brief, string remedy, Exception? inner = null)
    : Exception(message, inner)
{
    public string Brief { get; } = brief;

    /// <summary>True when nothing answered, so that other repositories cannot be obtained either.</summary>
    public bool Unreachable => InnerException is not null;

    public string Remedy { get; } = remedy;
}
