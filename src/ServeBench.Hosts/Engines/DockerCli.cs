using System.Text.Json;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Engines;

/// <summary>
/// The docker command line. It knows by itself which engine is meant: DOCKER_HOST, DOCKER_CONTEXT, or the chosen context.
/// </summary>
internal sealed class DockerCli(ICommandRunner commands)
{
    public const string Program = "docker";

    /// <summary>What runs it, and other programs.</summary>
    public ICommandRunner Commands { get; } = commands;

    /// <summary>For questions that an engine answers at once.</summary>
    public static readonly TimeSpan Quick = TimeSpan.FromSeconds(30);

    /// <returns>The result, whatever the exit code; a command that could not be started or took too long counts as failed.</returns>
    public async Task<CommandResult> TryAsync(
        TimeSpan limit, IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Commands.TryRunAsync(new CommandSpec(Program, arguments) { Timeout = limit }, onLine, cancellationToken);
        }
        catch (CommandFailedException e)
        {
            return new CommandResult(-1, "", e.Message, limit);
        }
    }

    /// <inheritdoc cref="TryAsync(TimeSpan, IReadOnlyList{string}, Action{string}?, CancellationToken)"/>
    public Task<CommandResult> TryAsync(TimeSpan limit, IReadOnlyList<string> arguments, CancellationToken cancellationToken = default) =>
        TryAsync(limit, arguments, null, cancellationToken);

    /// <param name="what">What is tried, as the beginning of an error's sentence.</param>
    /// <returns>What it printed, trimmed.</returns>
    /// <exception cref="Domain.Faults.RunFailedException">when it fails.</exception>
    public async Task<string> RunAsync(
        string what, TimeSpan limit, IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        var result = await TryAsync(limit, arguments, cancellationToken);
        return result.ExitCode == 0 ? result.Output.Trim() : throw DockerFailure.Exception(what, result.Error);
    }

    /// <summary>Asks for one thing as JSON.</summary>
    /// <returns>Null when there is no such thing.</returns>
    /// <exception cref="Domain.Faults.RunFailedException">when the engine does not answer.</exception>
    public async Task<JsonElement?> InspectAsync(string kind, string name, CancellationToken cancellationToken = default)
    {
        var result = await TryAsync(Quick, [kind, "inspect", "--format={{json .}}", name], cancellationToken);
        if (result.ExitCode == 0) return JsonDocument.Parse(result.Output).RootElement.Clone();
        // That there is no such socket is reported in similar words.
        if (!DockerFailure.IsNoEngine(result.Error) && (Says($"no such {kind}") || Says("no such object"))) return null;
        throw DockerFailure.Exception($"the {kind} {name} could not be looked at", result.Error);

        bool Says(string words) => result.Error.Contains(words, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Removes a container, running or not.</summary>
    /// <returns>False when it may still be there, because the engine does not answer.</returns>
    public async Task<bool> RemoveAsync(string container)
    {
        var removed = await TryAsync(Quick, ["rm", "--force", "--volumes", container]);
        return removed.ExitCode == 0 || removed.Error.Contains("no such container", StringComparison.OrdinalIgnoreCase);
    }
}
