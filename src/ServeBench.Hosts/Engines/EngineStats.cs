using System.Text.Json;
using ServeBench.Hosts.Telemetry;

namespace ServeBench.Hosts.Engines;

/// <summary>What an engine counts of one container, from the beginning.</summary>
/// <param name="CpuSeconds">CPU time of everything in it.</param>
/// <param name="MemoryBytes">What it uses less inactive file cache, at this moment.</param>
/// <param name="Quota">What its CPU quota did to it.</param>
/// <param name="ReceivedBytes">Over all its network interfaces; null when it has none.</param>
/// <param name="SentBytes">Likewise.</param>
internal sealed record EngineStats(double CpuSeconds, long MemoryBytes, QuotaUse Quota, long? ReceivedBytes, long? SentBytes)
{
    /// <param name="answer">The Engine API's answer to <c>GET /containers/ID/stats</c>, version 1.41
    /// (https://docs.docker.com/engine/api/v1.41/).</param>
    /// <returns>Null when the container has ended: the answer then has no memory in it.</returns>
    public static EngineStats? Read(JsonElement answer)
    {
        if (!answer.TryGetProperty("memory_stats", out var memory) || !memory.TryGetProperty("usage", out var usage)) return null;
        var cpu = answer.GetProperty("cpu_stats");
        var throttling = cpu.GetProperty("throttling_data");
        long? Network(string key) => answer.TryGetProperty("networks", out var all) && all.ValueKind == JsonValueKind.Object
            ? all.EnumerateObject().Sum(n => n.Value.GetProperty(key).GetInt64())
            : null;
        return new EngineStats(
            cpu.GetProperty("cpu_usage").GetProperty("total_usage").GetInt64() / 1e9,
            Math.Max(0, usage.GetInt64() - Inactive(memory)),
            new QuotaUse(
                throttling.GetProperty("periods").GetInt64(),
                throttling.GetProperty("throttled_periods").GetInt64(),
                throttling.GetProperty("throttled_time").GetInt64() / 1e9),
            Network("rx_bytes"),
            Network("tx_bytes"));
    }

    /// <summary>Version 1 of control groups counts it with the groups below, version 2 without a name of its own for that.</summary>
    private static long Inactive(JsonElement memory)
    {
        if (!memory.TryGetProperty("stats", out var stats) || stats.ValueKind != JsonValueKind.Object) return 0;
        return stats.TryGetProperty("total_inactive_file", out var first) || stats.TryGetProperty("inactive_file", out first)
            ? first.GetInt64()
            : 0;
    }
}
