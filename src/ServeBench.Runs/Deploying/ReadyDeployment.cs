using ServeBench.Hosts;

namespace ServeBench.Runs.Deploying;

/// <summary>A deployment whose answers are right.</summary>
public sealed record ReadyDeployment(IDeployment Deployment) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Deployment.DisposeAsync();
}
