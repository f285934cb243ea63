namespace ServeBench.Processes.Commands;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Everything it wrote to standard output, secrets redacted.</param>
/// <param name="Error">Everything it wrote to standard error, secrets redacted.</param>
/// <param name="Duration">From start to exit.</param>
public sealed record CommandResult(int ExitCode, string Output, string Error, TimeSpan Duration);
