using Cake.Core;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Faults;
using ServeBench.Processes.Commands;

namespace ServeBench.Build.Composition;

/// <summary>Turns what went wrong into words for the user and an exit code.</summary>
public static class Failure
{
    /// <returns>The exit code.</returns>
    public static int Report(Exception failure, Screen screen)
    {
        switch (Cause(failure))
        {
            case FaultException e:
                foreach (var fault in e.Faults) screen.Error(fault.ToString());
                return ExitCodes.Usage;
            case OperationCanceledException:
                screen.Warn("Interrupted. What has finished is kept; the same command goes on from there.");
                return ExitCodes.Interrupted;
            case RunFailedException e:
                screen.Error(Sentence(e.Message, e.Remedy));
                return ExitCodes.Failed;
            case CommandFailedException e:
                screen.Error(Sentence(e.Message, e.Remedy));
                return ExitCodes.Failed;
            case var e:
                screen.Error($"This is a fault of ServeBench itself; please report it with what follows.{Environment.NewLine}{e}");
                return ExitCodes.Failed;
        }
    }

    /// <summary>The engine and tasks wrap what was thrown; the innermost that means something to a user counts.</summary>
    private static Exception Cause(Exception failure) => failure switch
    {
        AggregateException { InnerExceptions: [var only] } => Cause(only),
        CakeReportException { InnerException: { } inner } => Cause(inner),
        _ => failure,
    };

    private static string Sentence(string message, string remedy) =>
        remedy.Length == 0
            ? message
            : $"{message.TrimEnd('.')}{(message.Contains('\n', StringComparison.Ordinal) ? Environment.NewLine : ". ")}"
                + $"{remedy.TrimEnd('.')}.";
}
