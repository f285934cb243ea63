namespace ServeBench.Domain.Faults;

/// <summary>
/// What the user gave cannot be used. Carries every fault found, not only the first; the program prints them
/// without a stack trace and exits with <see cref="ExitCodes.Usage"/>.
/// </summary>
public sealed class FaultException : Exception
{
    public FaultException(params IReadOnlyList<Fault> faults)
        : base(string.Join(Environment.NewLine, faults)) => Faults = faults;

    public IReadOnlyList<Fault> Faults { get; }
}
