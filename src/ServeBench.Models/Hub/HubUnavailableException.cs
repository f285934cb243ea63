namespace ServeBench.Models.Hub;

/// <summary>
/// The hub does not give what was asked of it: it cannot be reached, or it refuses. What it gave and should not have is
/// another matter, a <see cref="Domain.Faults.RunFailedException"/>.
/// </summary>
internal sealed class HubUnavailableException(string message, string remedy, Exception? inner = null) : Exception(message, inner)
{
    public string Remedy { get; } = remedy;
}
