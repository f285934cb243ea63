namespace ServeBench.Domain.Faults;

/// <summary>What the program's exit code means; documented in README.md and printed by <c>--help</c>.</summary>
public static class ExitCodes
{
    /// <summary>Everything that was asked for was done.</summary>
    public const int Success = 0;

    /// <summary>A step failed; the error says which and what to try. Trials that finished are kept.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a catalogue file is wrong; nothing was started.</summary>
    public const int Usage = 2;

    /// <summary>The run finished and the report was written, but some cases are INVALID or a stack failed parity.</summary>
    public const int Invalid = 3;

    /// <summary>Compare found a regression, and <c>--fail-on=regression</c> asked for that.</summary>
    public const int Regression = 4;

    /// <summary>Ctrl+C or SIGTERM; trials that finished are kept and the same command goes on from there.</summary>
    public const int Interrupted = 130;
}
