using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Medallion.Shell;
using Medallion.Shell.Streams;

namespace ServeBench.Processes.Commands;

/// <summary>Runs real commands.</summary>
public sealed class CommandRunner : ICommandRunner
{
    public async Task<CommandResult> TryRunAsync(CommandSpec command, Action<string>? onLine = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        using var running = Start(command);
        using var timeout = new CancellationTokenSource(command.Timeout ?? Timeout.InfiniteTimeSpan);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await using var kill = either.Token.Register(() => running.Process.Kill(entireProcessTree: true));

        var output = CollectAsync(running.StandardOutput, command, onLine);
        var error = CollectAsync(running.StandardError, command, onLine);
        await FeedAsync(running, command.StandardInput);
        var result = await running.Task;
        var (outputText, errorText) = (await output, await error);
        cancellationToken.ThrowIfCancellationRequested();
        if (timeout.IsCancellationRequested) throw CommandFailedException.TimedOut(command, command.Timeout!.Value);
        return new CommandResult(result.ExitCode, outputText, errorText, clock.Elapsed);
    }

    private static Command Start(CommandSpec command)
    {
        try
        {
            return Command.Run(command.Program, command.Arguments, options =>
            {
                options.EnvironmentVariables(command.Environment).ThrowOnError(false).DisposeOnExit(false);
                if (command.WorkingDirectory is { } folder) options.WorkingDirectory(folder);
            });
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandFailedException.NotStarted(command, e);
        }
    }

    private static async Task<string> CollectAsync(ProcessStreamReader reader, CommandSpec command, Action<string>? onLine)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            var shown = command.Redact(line);
            text.Append(shown).Append('\n');
            onLine?.Invoke(shown);
        }
        return text.ToString();
    }

    private static async Task FeedAsync(Command running, string? input)
    {
        try
        {
            if (input is not null) await running.StandardInput.WriteAsync(input);
            running.StandardInput.Dispose();
        }
        catch (IOException)
        {
            // The command ended without reading all of its input; its exit code tells whether that matters.
        }
    }
}
