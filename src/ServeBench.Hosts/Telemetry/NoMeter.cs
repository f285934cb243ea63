using ServeBench.Domain.Trials;

namespace ServeBench.Hosts.Telemetry;

/// <summary>Stands where nothing can be measured, and says why.</summary>
internal sealed class NoMeter(IReadOnlyList<int> cpus, string why) : IUsageMeter
{
    public void Start() { }

    public ServerUse Stop() => new() { Cpus = cpus, Source = $"not measured: {why}" };
}
