using System.Net;
using System.Text.Json;

namespace ServeBench.Hosts.Docker;

/// <summary>What the engine says of a container at one moment.</summary>
/// <param name="Id">The engine's id.</param>
/// <param name="IsRunning">False once it has ended.</param>
/// <param name="ProcessId">Its first process on the engine's machine; 0 once it has ended.</param>
/// <param name="StartedUtc">When that process began.</param>
/// <param name="ExitCode">How it ended.</param>
/// <param name="OomKilled">Whether the kernel killed it for lack of memory.</param>
/// <param name="Error">Why it could not be started at all; empty otherwise.</param>
/// <param name="Address">Its own address on the engine's network; null when it has none.</param>
/// <param name="PublishedPorts">Its ports, each with the port of 127.0.0.1 that leads to it; empty once it has ended.</param>
internal sealed record Container(
    string Id,
    bool IsRunning,
    int ProcessId,
    DateTimeOffset StartedUtc,
    int ExitCode,
    bool OomKilled,
    string Error,
    IPAddress? Address,
    IReadOnlyDictionary<int, int> PublishedPorts)
{
    public static Container Read(JsonElement answer)
    {
        var state = answer.GetProperty("State");
        var network = answer.GetProperty("NetworkSettings");
        return new Container(
            answer.GetProperty(nameof(Id)).GetString()!,
            state.GetProperty("Running").GetBoolean(),
            state.GetProperty("Pid").GetInt32(),
            state.GetProperty("StartedAt").GetDateTimeOffset(),
            state.GetProperty(nameof(ExitCode)).GetInt32(),
            state.GetProperty("OOMKilled").GetBoolean(),
            state.GetProperty(nameof(Error)).GetString() ?? "",
            Addresses(network).FirstOrDefault(),
            Ports(network));
    }

    private static IEnumerable<IPAddress?> Addresses(JsonElement network) =>
        from one in network.GetProperty("Networks").EnumerateObject()
        let text = one.Value.GetProperty("IPAddress").GetString()
        where !string.IsNullOrEmpty(text)
        select IPAddress.Parse(text);

    /// <summary>Reads <c>{ "8080/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "32768" }] }</c>.</summary>
    private static Dictionary<int, int> Ports(JsonElement network)
    {
        var published = new Dictionary<int, int>();
        if (!network.TryGetProperty("Ports", out var ports) || ports.ValueKind != JsonValueKind.Object) return published;
        foreach (var port in ports.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array))
        {
            foreach (var binding in port.Value.EnumerateArray())
                published.TryAdd(int.Parse(port.Name.Split('/')[0]), int.Parse(binding.GetProperty("HostPort").GetString()!));
        }
        return published;
    }
}
