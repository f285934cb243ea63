using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests;

/// <summary>Runs nothing: a test says what each command would have printed, or how it would have ended, and sees every command.</summary>
internal sealed class FakeRunner(Func<CommandSpec, CancellationToken, Task<CommandResult>> answer) : ICommandRunner
{
    public FakeRunner(Func<CommandSpec, CommandResult> answer)
        : this((command, _) => Task.FromResult(answer(command)))
    {
    }

    public FakeRunner(Func<CommandSpec, string> output)
        : this(command => new CommandResult(0, output(command), "", TimeSpan.Zero))
    {
    }

    /// <summary>Every command, in order.</summary>
    public List<CommandSpec> Commands { get; } = [];

    public async Task<CommandResult> TryRunAsync(CommandSpec command, Action<string>? onLine = null, CancellationToken cancellationToken = default)
    {
        lock (Commands) Commands.Add(command);
        var result = await answer(command, cancellationToken);
        foreach (var line in (result.Output + result.Error).Split('\n')) onLine?.Invoke(line);
        return result;
    }
}
