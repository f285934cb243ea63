using ServeBench.Domain.Faults;
using ServeBench.Hosts.Engines;

namespace ServeBench.Hosts.Docker;

/// <summary>Finds out why a container is not running any more, or why that cannot be determined.</summary>
internal static class ContainerEnd
{
    /// <param name="docker">The command line.</param>
    /// <param name="name">The container's name.</param>
    /// <param name="settings">How it was run.</param>
    /// <param name="watchBroke">Whether the command that waited for its end failed, as it does when the engine ends.</param>
    /// <returns>The end of a sentence that begins with what it was.</returns>
    public static async Task<string> DescribeAsync(DockerCli docker, string name, DockerHostSettings settings, bool watchBroke)
    {
        Container container;
        try
        {
            if (await docker.InspectAsync("container", name) is not { } answer) return "somebody has removed its container";
            container = Container.Read(answer);
        }
        catch (RunFailedException e)
        {
            return $"the Docker Engine ended or does not answer any more: {e.Message}";
        }
        if (container.IsRunning)
            return "the connection to the Docker Engine broke while it ran; "
                + "the engine was probably restarted, or the network to its machine was gone";
        var tail = DockerFailure.Tail(
            (await docker.TryAsync(DockerCli.Quick, ["logs", "--tail=15", name])) is { } logs ? logs.Output + logs.Error : "");
        // An engine that starts again ends the containers of before, and need not know with what code. What it does know goes first.
        var how = watchBroke && !container.OomKilled && container.Error.Length == 0
            ? "the Docker Engine ended while it ran, and was back soon after"
            : $"it {How(container, settings)}";
        return tail.Length == 0 ? $"{how} and printed nothing" : $"{how}; the end of its log:{Environment.NewLine}{tail}";
    }

    private static string How(Container container, DockerHostSettings settings)
    {
        if (container.OomKilled)
        {
            var limit = settings.MemoryBytes is { } bytes
                ? $" its limit of {bytes >> 20} MiB (memory in its stack.yaml)"
                : " there was on the machine";
            return $"was killed by the kernel because it needed more memory than{limit}";
        }
        if (container.Error.Length > 0) return $"could not be started: {container.Error}";
        return container.ExitCode is > 128 and <= 128 + 64
            ? $"was ended by signal {container.ExitCode - 128}"
            : $"ended by itself with code {container.ExitCode}";
    }
}
