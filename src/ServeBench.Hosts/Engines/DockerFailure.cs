using ServeBench.Domain.Faults;

namespace ServeBench.Hosts.Engines;

/// <summary>Turns what the docker command line says into what it means and what to do.</summary>
internal static class DockerFailure
{
    private const int TailLines = 15;

    // Before the list that holds it.
    public static Obstacle NoEngine { get; } =
        new("no Docker Engine answers", "Start it (systemctl start docker, or dockerd), or choose --host=process");

    private static readonly Obstacle NoPermission =
        new("this user may not use the Docker Engine", "Add the user to the group docker and log in again, or run as root");

    private static readonly (string Says, Obstacle? Means)[] Known =
    [
        ("permission denied while trying to connect", NoPermission),
        ("cannot connect to the docker daemon", NoEngine),
        ("failed to connect to the docker api", NoEngine), // newer docker commands
        ("error during connect", NoEngine),
        ("is the docker daemon running", NoEngine),
        ("no space left on device", new(
            "the Docker Engine's disk is full",
            "Free space: docker system df shows what takes it, docker image prune removes images that nothing uses")),
        ("could not select device driver", new(
            "the Docker Engine cannot give a container a GPU",
            "Install NVIDIA's container toolkit on the engine's machine, or take gpus out of stack.yaml")),
        ("no such image", new("the stack's image is not there any more", "Build it again with --target=Images")),
        ("minimum memory limit allowed", new("the memory limit is smaller than the engine allows", "Raise memory in stack.yaml")),
        ("requested cpus are not available", new(
            "the engine does not have the cores that the server is to run on", "Let the engine use all of this machine's cores")),
    ];

    /// <summary>What it means; null when that is not known.</summary>
    public static Obstacle? Of(string error) =>
        SshFailure.InDocker(error) ?? Array.Find(Known, k => error.Contains(k.Says, StringComparison.OrdinalIgnoreCase)).Means;

    /// <summary>True when the engine itself could not be reached, so that the same may work later.</summary>
    public static bool IsNoEngine(string error) => SshFailure.InDocker(error) is not null || Of(error) == NoEngine;

    /// <param name="what">What was tried, as the beginning of a sentence.</param>
    /// <param name="error">What the command said.</param>
    /// <param name="remedy">What to try when the cause is not known.</param>
    public static RunFailedException Exception(
        string what, string error, string remedy = "Try the same by hand; the command is docker's own") => Of(error) is { } known
        ? new RunFailedException($"{what}: {known.Problem}{Environment.NewLine}{Tail(error)}", known.Remedy)
        : new RunFailedException($"{what}:{Environment.NewLine}{Tail(error)}", remedy);

    public static string Tail(string text)
    {
        var lines = text.Split('\n').Where(l => l.Trim().Length > 0).ToArray();
        return string.Join(Environment.NewLine, lines.Skip(Math.Max(0, lines.Length - TailLines)).Select(l => "    " + l.TrimEnd()));
    }
}
