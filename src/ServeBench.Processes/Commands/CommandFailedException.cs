using System.Text;
using ServeBench.Domain.Faults;

namespace ServeBench.Processes.Commands;

/// <summary>A command could not be started, ended with a code other than 0, or took too long.</summary>
public sealed class CommandFailedException : Exception
{
    private const int TailLines = 15;

    private CommandFailedException(string message, CommandSpec command, CommandResult? result, Exception? inner)
        : base(message, inner)
    {
        Command = command;
        Result = result;
    }

    public CommandSpec Command { get; }

    /// <summary>Null when the command never ran to its end.</summary>
    public CommandResult? Result { get; }

    public string Remedy => Command.Remedy;

    internal static CommandFailedException NotStarted(CommandSpec command, Exception inner) =>
        new($"{command.Program} could not be started: {inner.Message}", command, null, inner);

    internal static CommandFailedException TimedOut(CommandSpec command, TimeSpan limit) =>
        new($"this command was killed because it took longer than {limit.TotalSeconds:0.#} s: {command}", command, null, null);

    internal static CommandFailedException Exited(CommandSpec command, CommandResult result)
    {
        var message = new StringBuilder($"this command ended with code {result.ExitCode}: {command}");
        var evidence = result.Error.Trim().Length > 0 ? result.Error : result.Output;
        var lines = Redaction.Of(evidence).TrimEnd().Split('\n');
        foreach (var line in lines.Skip(Math.Max(0, lines.Length - TailLines)).Where(l => l.Trim().Length > 0))
            message.AppendLine().Append("    ").Append(line.TrimEnd());
        return new CommandFailedException(message.ToString(), command, result, null);
    }
}
