namespace ServeBench.Domain.Faults;

/// <summary>
/// Something that should have worked did not (a server that never became ready, a full disk, a command that failed).
/// The message says what, with the evidence; <see cref="Remedy"/> says what to try.
/// </summary>
public sealed class RunFailedException : Exception
{
    public RunFailedException(string message, string remedy = "", Exception? inner = null)
        : base(message, inner) => Remedy = remedy;

    public string Remedy { get; }
}
