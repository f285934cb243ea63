using System.Globalization;

namespace ServeBench.Hosts.Telemetry;

/// <summary>Bytes that a container has received and sent, headers and all, over every interface but the loopback.</summary>
internal readonly record struct NetworkBytes(long Received, long Sent)
{
    /// <param name="process">A process of the container, whose network it shares.</param>
    /// <returns>Null when the process is gone.</returns>
    public static NetworkBytes? Of(int process)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{process}/net/dev"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    internal static NetworkBytes Parse(string text)
    {
        long received = 0, sent = 0;
        foreach (var line in text.Split('\n').Where(l => l.Contains(':', StringComparison.Ordinal)))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line[..colon].Trim() == "lo") continue;
            var fields = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            received += long.Parse(fields[0], CultureInfo.InvariantCulture);
            sent += long.Parse(fields[8], CultureInfo.InvariantCulture);
        }
        return new NetworkBytes(received, sent);
    }
}
