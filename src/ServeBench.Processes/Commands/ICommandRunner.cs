namespace ServeBench.Processes.Commands;

/// <summary>Runs commands to their end. Tests replace it and assert exact argument lists.</summary>
public interface ICommandRunner
{
    /// <param name="command">What to run.</param>
    /// <param name="onLine">Hears every line of standard output and standard error while it runs; may be called from two threads.</param>
    /// <param name="cancellationToken">Kills the whole process tree.</param>
    /// <returns>The result, whatever the exit code.</returns>
    /// <exception cref="CommandFailedException">when it cannot be started or exceeds its time.</exception>
    Task<CommandResult> TryRunAsync(CommandSpec command, Action<string>? onLine = null, CancellationToken cancellationToken = default);
}

public static class CommandRunnerExtensions
{
    /// <summary>As <see cref="ICommandRunner.TryRunAsync"/>, but an exit code other than 0 is an error.</summary>
    /// <exception cref="CommandFailedException">with the command, the code, and the end of what it said.</exception>
    public static async Task<CommandResult> RunAsync(
        this ICommandRunner runner, CommandSpec command, Action<string>? onLine = null, CancellationToken cancellationToken = default)
    {
        var result = await runner.TryRunAsync(command, onLine, cancellationToken);
        return result.ExitCode == 0 ? result : throw CommandFailedException.Exited(command, result);
    }

    /// <summary>As <see cref="RunAsync"/>, for quick looks at the machine from code that is not asynchronous.</summary>
    /// <exception cref="CommandFailedException">with the command, the code, and the end of what it said.</exception>
    public static CommandResult Run(this ICommandRunner runner, CommandSpec command) =>
        Task.Run(() => runner.RunAsync(command)).GetAwaiter().GetResult();
}
