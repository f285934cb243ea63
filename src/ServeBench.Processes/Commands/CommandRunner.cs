using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using CliWrap;

namespace ServeBench.Processes.Commands;

/// <summary>Runs real commands.</summary>
public sealed class CommandRunner : ICommandRunner
{
    /// <summary>How long after the kill the end of the output is waited for.</summary>
    private static readonly TimeSpan OutputLimit = TimeSpan.FromSeconds(3);

    public async Task<CommandResult> TryRunAsync(
        CommandSpec command, Action<string>? onLine = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var (output, error) = (new LineCollector(command, onLine), new LineCollector(command, onLine));
        using var timeout = new CancellationTokenSource(command.Timeout ?? Timeout.InfiniteTimeSpan);
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var running = Start(command, output, error, kill.Token);
            var result = await BoundedAsync(running, kill.Token);
            return new CommandResult(result.ExitCode, output.Text, error.Text, clock.Elapsed);
        }
        catch (Exception e) when (kill.IsCancellationRequested && e is OperationCanceledException or TimeoutException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw CommandFailedException.TimedOut(command, command.Timeout!.Value);
        }
        finally
        {
            output.Close();
            error.Close();
        }
    }

    private static CommandTask<CliWrap.CommandResult> Start(
        CommandSpec command, LineCollector output, LineCollector error, CancellationToken kill)
    {
        try
        {
            return Cli.Wrap(command.Program)
                .WithArguments(command.Arguments)
                .WithWorkingDirectory(command.WorkingDirectory ?? Environment.CurrentDirectory)
                .WithEnvironmentVariables(command.Environment.ToDictionary(v => v.Key, string? (v) => v.Value))
                .WithStandardInputPipe(command.StandardInput is { } input ? PipeSource.FromString(input, Encoding.UTF8) : PipeSource.Null)
                .WithStandardOutputPipe(PipeTarget.ToDelegate(output.Add, Encoding.UTF8))
                .WithStandardErrorPipe(PipeTarget.ToDelegate(error.Add, Encoding.UTF8))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(forcefulCancellationToken: kill, gracefulCancellationToken: CancellationToken.None);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw CommandFailedException.NotStarted(command, e.InnerException ?? e);
        }
    }

    /// <summary>
    /// Waits for a command. CliWrap kills the whole tree and bounds the wait for the process itself; the bound here is for its
    /// output, which a process that has left the tree may hold open for as long as it lives.
    /// </summary>
    /// <exception cref="TimeoutException">when the output has not ended within <see cref="OutputLimit"/> of the kill.</exception>
    private static async Task<CliWrap.CommandResult> BoundedAsync(Task<CliWrap.CommandResult> running, CancellationToken kill)
    {
        var killed = new TaskCompletionSource();
        await using var _ = kill.Register(killed.SetResult);
        if (await Task.WhenAny(running, killed.Task) == running) return await running;
        return await running.WaitAsync(OutputLimit, CancellationToken.None);
    }

    /// <summary>What one stream of a command says, line by line, secrets redacted; says nothing more once it is closed.</summary>
    private sealed class LineCollector(CommandSpec command, Action<string>? onLine)
    {
        private readonly StringBuilder _text = new();
        private volatile bool _closed;

        public string Text => _text.ToString();

        public void Add(string line)
        {
            if (_closed) return;
            var shown = command.Redact(line);
            _text.Append(shown).Append('\n');
            onLine?.Invoke(shown);
        }

        public void Close() => _closed = true;
    }
}
