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
/// <param name="PublishedPort">The port of 127.0.0.1 that leads to it; null when there is none.</param>
internal sealed record Container(
    string Id, bool IsRunning, int ProcessId, DateTimeOffset StartedUtc, int ExitCode, bool OomKilled, string Error, IPAddress? Address, int? PublishedPort)
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
            Ports(network).FirstOrDefault());
    }

    private static IEnumerable<IPAddress?> Addresses(JsonElement network) =>
        from one in network.GetProperty("Networks").EnumerateObject()
        let text = one.Value.GetProperty("IPAddress").GetString()
        where !string.IsNullOrEmpty(text)
        select IPAddress.Parse(text);

    private static IEnumerable<int?> Ports(JsonElement network)
    {
        if (!network.TryGetProperty("Ports", out var ports) || ports.ValueKind != JsonValueKind.Object) yield break;
        foreach (var bindings in ports.EnumerateObject().Select(p => p.Value).Where(b => b.ValueKind == JsonValueKind.Array))
        {
            foreach (var binding in bindings.EnumerateArray()) yield return int.Parse(binding.GetProperty("HostPort").GetString()!);
        }
    }
}
