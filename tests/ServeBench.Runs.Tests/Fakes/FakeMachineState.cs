using ServeBench.Hosts.Machine;

namespace ServeBench.Runs.Tests.Fakes;

/// <summary>A machine whose state a test decides.</summary>
internal sealed class FakeMachineState : IMachineState
{
    public string Boot { get; set; } = "this start of the system";

    /// <summary>The share of the cores that something else keeps busy.</summary>
    public double? Busy { get; set; } = 0.01;

    public Task<double?> BusyAsync(IReadOnlyList<int> cpus, TimeSpan window, CancellationToken cancellationToken) => Task.FromResult(Busy);
}
