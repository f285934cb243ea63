using System.Globalization;

namespace ServeBench.Hosts.Engines;

/// <summary>
/// The machine that an engine's address leads to, as ssh is given it. Its name may be an alias of ssh's own configuration.
/// </summary>
internal sealed record SshDestination(string Host, string? User, int? Port)
{
    private const string Scheme = "ssh://";

    /// <param name="endpoint">As docker's context has it: <c>ssh://user@host:port</c>.</param>
    /// <returns>Null when it is no such address.</returns>
    public static SshDestination? Parse(string endpoint)
    {
        if (!endpoint.StartsWith(Scheme, StringComparison.Ordinal)) return null;
        var place = endpoint[Scheme.Length..].Split('/')[0];
        var at = place.LastIndexOf('@');
        var user = at > 0 ? place[..at] : null;
        var host = place[(at + 1)..];
        int? port = null;
        var colon = host.LastIndexOf(':');
        // Colons inside of brackets are those of an IPv6 address.
        if (colon > host.LastIndexOf(']'))
        {
            if (!int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number is 0 or > 65535)
                return null;
            (host, port) = (host[..colon], number);
        }
        host = host.Trim('[', ']');
        return host.Length > 0 ? new SshDestination(host, user, port) : null;
    }

    /// <summary>
    /// Arguments of ssh. Nothing is ever asked of a person, and no connection is shared with others: what is ended here is ended
    /// there. After 15 seconds without an answer the connection counts as lost.
    /// </summary>
    public IReadOnlyList<string> Arguments(IEnumerable<string> options, params IEnumerable<string> command)
    {
        List<string> all = [
            "-S",
            "none",
            "-a",
            "-x",
            "-T",
            "-o",
            "BatchMode=yes",
            "-o",
            "ConnectTimeout=10",
            "-o",
            "ServerAliveInterval=5",
            "-o",
            "ServerAliveCountMax=3"];
        all.AddRange(options);
        if (User is { } user) all.AddRange(["-l", user]);
        if (Port is { } port) all.AddRange(["-p", port.ToString(CultureInfo.InvariantCulture)]);
        all.AddRange(["--", Host]);
        all.AddRange(command);
        return all;
    }
}
