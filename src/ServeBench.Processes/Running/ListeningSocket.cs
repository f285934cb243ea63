using System.Globalization;
using System.Net;

namespace ServeBench.Processes.Running;

/// <summary>A TCP socket that listens, as the kernel lists it (Linux).</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Inode">Names the socket: <c>socket:[Inode]</c> is what the descriptors of the processes that hold it point to.</param>
public sealed record ListeningSocket(IPEndPoint Address, long Inode)
{
    private const string ListenState = "0A";
    private const string EstablishedState = "01";

    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Every one of this network namespace; empty where the kernel does not list them.</summary>
    public static IReadOnlyList<ListeningSocket> All() =>
        [.. Sockets().Where(s => s.State == ListenState).Select(s => new ListeningSocket(s.Local, s.Inode))];

    /// <summary>How many connections to a port of this machine there are that this process holds.</summary>
    public static int OwnConnectionsTo(int port)
    {
        var own = Sockets().Where(s => s.State == EstablishedState && s.Remote.Port == port).Select(s => s.Inode).ToHashSet();
        return own.Count == 0 ? 0 : own.Intersect(InodesOf(Environment.ProcessId)).Count();
    }

    /// <summary>Whether what is sent to a port of 127.0.0.1 may arrive here.</summary>
    public bool Answers(int port) =>
        Address.Port == port
            && (IPAddress.IsLoopback(Unmapped) || Unmapped.Equals(IPAddress.Any) || Unmapped.Equals(IPAddress.IPv6Any))
            && !Unmapped.Equals(IPAddress.IPv6Loopback);

    /// <summary>The sockets that a process holds; empty when it has ended, or belongs to somebody else.</summary>
    public static IReadOnlySet<long> InodesOf(int process)
    {
        const string Prefix = "socket:[";
        var inodes = new HashSet<long>();
        try
        {
            foreach (var descriptor in new DirectoryInfo($"/proc/{process}/fd").EnumerateFiles())
            {
                if (descriptor.LinkTarget is { } target && target.StartsWith(Prefix, StringComparison.Ordinal))
                    inodes.Add(long.Parse(target.AsSpan(Prefix.Length, target.Length - Prefix.Length - 1), CultureInfo.InvariantCulture));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What was read so far is what there was.
        }
        return inodes;
    }

    private IPAddress Unmapped => Address.Address.IsIPv4MappedToIPv6 ? Address.Address.MapToIPv4() : Address.Address;

    private static IEnumerable<(IPEndPoint Local, IPEndPoint Remote, string State, long Inode)> Sockets() =>
        Tables.Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 9 && f[0] != "sl")
            .Select(f => (Parse(f[1]), Parse(f[2]), f[3], long.Parse(f[9], CultureInfo.InvariantCulture)));

    /// <param name="text">Words of four bytes in this machine's order, in hexadecimal, and the port: <c>0100007F:1F90</c>.</param>
    public static IPEndPoint Parse(string text)
    {
        var colon = text.IndexOf(':');
        var bytes = Convert.FromHexString(text.AsSpan(0, colon));
        if (BitConverter.IsLittleEndian)
        {
            for (var word = 0; word < bytes.Length; word += 4) bytes.AsSpan(word, 4).Reverse();
        }
        return new IPEndPoint(
            new IPAddress(bytes), int.Parse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
