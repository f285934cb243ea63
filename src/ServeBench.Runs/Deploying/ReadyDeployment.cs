using ServeBench.Domain.Trials;
using ServeBench.Hosts;

namespace ServeBench.Runs.Deploying;

/// <summary>A deployment whose answers are right.</summary>
public sealed record ReadyDeployment(IDeployment Deployment) : IAsyncDisposable
{
    private Task<StopRecord?>? _stop;

    /// <summary>Removes it, and says how that went; null where its host does not say. A second call waits for the first.</summary>
    public Task<StopRecord?> StopAsync() => _stop ??= Deployment.StopAsync().AsTask();

    public async ValueTask DisposeAsync() => await StopAsync();
}
