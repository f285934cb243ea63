using System.Diagnostics;
using ServeBench.Domain.Targets;
using ServeBench.Domain.Trials;
using ServeBench.Hosts.Telemetry;

namespace ServeBench.Hosts.Endpoint;

/// <summary>A server that ran before and will run after.</summary>
internal sealed class EndpointDeployment(NamedEndpoint named, EndpointSettings settings, ServerTarget target, ServerTarget? counters)
    : IDeployment
{
    public Endpoints Endpoints { get; } = Endpoints.Of(target.Address);

    public ServerTarget Target(string name) => name == Endpoints.Metrics && counters is not null ? counters : target;

    public string Command => $"endpoint {named.Url}, not deployed by us";

    public IReadOnlyList<int> Cpus => [];

    public TimeSpan StartLimit => settings.StartLimit;

    public long LaunchedAt { get; } = Stopwatch.GetTimestamp();

    public IUsageMeter Meter { get; } = new NoMeter([], EndpointRecord.NotOurs);

    public ValueTask<string?> EndedBecauseAsync() => ValueTask.FromResult<string?>(null);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
