using ServeBench.Processes.Commands;

namespace ServeBench.Load.Tests.K6;

/// <summary>Answers commands without running them, and remembers what was asked.</summary>
internal sealed class FakeCommands(Func<CommandSpec, CommandResult> answer) : ICommandRunner
{
    public List<CommandSpec> Asked { get; } = [];

    public static FakeCommands Saying(string output, int exitCode = 0) => new(_ => new CommandResult(exitCode, output, "", TimeSpan.Zero));

    public Task<CommandResult> TryRunAsync(CommandSpec command, Action<string>? onLine = null, CancellationToken cancellationToken = default)
    {
        Asked.Add(command);
        return Task.FromResult(answer(command));
    }
}
