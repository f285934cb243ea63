namespace ServeBench.Hosts.Engines;

/// <summary>Turns what ssh says into what it means and what to do.</summary>
internal static class SshFailure
{
    public const string Program = "ssh";

    public static Obstacle NoProgram { get; } =
        new("the Docker Engine is on another machine, and the ssh command that would lead there is not here",
            "Install it (Debian: apt-get install openssh-client), or choose the local engine with docker context use default");

    private static readonly (string Says, Obstacle Means)[] Known =
    [
        ("permission denied (", new("the Docker Engine's machine does not let this user in: it refuses the ssh key",
            "Make ssh to that machine work without a password, by ssh-copy-id, ssh-add, or IdentityFile in ~/.ssh/config")),
        ("host key verification failed", new("ssh does not know the Docker Engine's machine, or it shows another host key than before",
            "Connect once by hand with ssh and compare the key's fingerprint")),
        ("could not resolve hostname", new(
            "no machine has the name in the Docker Engine's address",
            "Look at DOCKER_HOST or docker context inspect, and at ~/.ssh/config")),
        ("could not request local forwarding", new(
            "ssh cannot forward a port of this machine", "Try again; if it fails again, look which program takes ports of 127.0.0.1")),
        ("administratively prohibited", new(
            "the Docker Engine's machine allows no forwarding through ssh", "Set AllowTcpForwarding yes in its sshd_config")),
        ("connection refused", new(
            "the Docker Engine's machine answers, but not to ssh", "Start its sshd, or mend the port in the engine's address")),
        ("connect to host", new(
            "the Docker Engine's machine cannot be reached", "Is it on, and is the network? ssh to it by hand says more")),
        ("not responding", new(
            "the Docker Engine's machine does not answer any more", "Is it on, and is the network? ssh to it by hand says more")),
        ("connection closed", Lost),
        ("connection reset", Lost),
        ("broken pipe", Lost),
        ("closed by remote host", Lost),
    ];

    private static Obstacle Lost =>
        new(
            "the ssh connection to the Docker Engine's machine was lost",
            "Is it on, is the network, and is its sshd? ssh to it by hand says more");

    /// <param name="error">What ssh wrote.</param>
    /// <returns>Null when that is not known.</returns>
    public static Obstacle? Of(string error) => Array.Find(Known, k => error.Contains(k.Says, StringComparison.OrdinalIgnoreCase)).Means;

    /// <summary>What ssh means, when it is ssh that the docker command failed in.</summary>
    public static Obstacle? InDocker(string error) => error.Contains("command [ssh", StringComparison.Ordinal) ? Of(error) : null;
}
