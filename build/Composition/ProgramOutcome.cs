using ServeBench.Domain.Faults;

namespace ServeBench.Build.Composition;

/// <summary>How the program will end, gathered from tasks: the engine itself only distinguishes success from failure.</summary>
public sealed class ProgramOutcome
{
    /// <summary>The exit code when nothing failed.</summary>
    public int ExitCode { get; private set; } = ExitCodes.Success;

    /// <summary>What ended a task; null when none failed.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The work was done, but not every number is good.</summary>
    public void SomeInvalid() => ExitCode = ExitCodes.Invalid;

    /// <summary>A run was compared, and something has become worse.</summary>
    public void SomeRegressed() => ExitCode = ExitCodes.Regression;

    /// <summary>A test run or a check found faults.</summary>
    public void Failed() => ExitCode = ExitCodes.Failed;

    public void FailedWith(Exception failure) => Failure ??= failure;
}
