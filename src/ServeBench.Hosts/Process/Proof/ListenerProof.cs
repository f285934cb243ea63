using ServeBench.Processes.Running;
using ServeBench.Processes.Servers;

namespace ServeBench.Hosts.Process.Proof;

/// <summary>
/// Proves that what listens on a deployment's ports is a process of the deployment: an orphan of an earlier one that answers in its
/// place would be measured under its name.
/// </summary>
/// <param name="server">The deployment's processes.</param>
/// <param name="endpoints">Where it is to answer.</param>
internal sealed class ListenerProof(ServerProcess server, Endpoints endpoints)
{
    private readonly HashSet<long> _proved = [];

    public ListenerFinding Look()
    {
        if (!OperatingSystem.IsLinux()) return ListenerFinding.Unknown;
        var ports = Endpoints.Names.Select(n => endpoints[n].Port).Distinct().ToArray();
        var listening = ListeningSocket.All().Where(l => Array.Exists(ports, l.Answers)).ToArray();
        var unproved = listening.Where(l => !_proved.Contains(l.Inode)).ToArray();
        if (unproved.Length > 0)
        {
            // A socket may come into the hands of a child between the two readings, but never out of the deployment's.
            var own = server.Processes().SelectMany(p => ListeningSocket.InodesOf(p.Id)).ToHashSet();
            if (unproved.FirstOrDefault(l => !own.Contains(l.Inode)) is { } foreign)
                return new(ListenerState.Foreign, Sentence(foreign));
            _proved.UnionWith(unproved.Select(l => l.Inode));
        }
        var answers = Array.Exists(listening, l => endpoints[Endpoints.Http].Port == l.Address.Port);
        return new(answers ? ListenerState.Own : ListenerState.Nobody);
    }

    /// <summary>Whoever listens on one of the ports after the stop.</summary>
    public string? StillListening() => OperatingSystem.IsLinux()
        ? ListeningSocket.All()
            .Where(l => Endpoints.Names.Any(n => l.Answers(endpoints[n].Port)))
            .Select(Sentence)
            .FirstOrDefault()
        : null;

    /// <summary>How many connections to it this program holds.</summary>
    public int OwnConnections() => OperatingSystem.IsLinux()
        ? Endpoints.Names.Select(n => endpoints[n].Port).Distinct().Sum(ListeningSocket.OwnConnectionsTo)
        : 0;

    private static string Sentence(ListeningSocket socket) =>
        ProcessEntry.All().FirstOrDefault(p => ListeningSocket.InodesOf(p.Id).Contains(socket.Inode)) is { } holder
            ? $"process {holder.Id} ({Shortened(holder.CommandLine())}), which is not of this deployment, listens on {socket.Address}"
            : $"a process that cannot be seen from here, and so is not of this deployment, listens on {socket.Address}";

    private static string Shortened(string text) => text.Length <= 120 ? text : $"{text[..120]}...";
}
