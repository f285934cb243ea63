using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;

namespace ServeBench.Hosts.Endpoint;

/// <summary>
/// A host beside which servers that run already take part in a run: it deploys the stacks, and the endpoints are asked as they are. All
/// carry its name, so that they are compared with each other.
/// </summary>
/// <param name="host">Deploys the stacks.</param>
/// <param name="endpoints">Knows the endpoints.</param>
public sealed class HostWithEndpoints(IHost host, EndpointHost endpoints) : IHost
{
    public string Name => host.Name;

    public string Summary => host.Summary;

    public ISectionReader Section => host.Section;

    public Obstacle? Unavailable => host.Unavailable;

    public IReadOnlyDictionary<string, string> Versions => host.Versions;

    public RemoteMachineRecord? Elsewhere => host.Elsewhere;

    public Task LookAsync(IReadOnlyList<Stack> stacks, CancellationToken cancellationToken) =>
        host.LookAsync([.. stacks.Where(s => !s.IsEndpoint)], cancellationToken);

    public Obstacle? CannotRun(Stack stack) => Of(stack).CannotRun(stack);

    public Obstacle? Exposes(Stack stack) => Of(stack).Exposes(stack);

    public Obstacle? OnlyByName(Stack stack) => Of(stack).OnlyByName(stack);

    public string Fingerprint(Stack stack) => Of(stack).Fingerprint(stack);

    public EndpointRecord? Endpoint(Stack stack) => Of(stack).Endpoint(stack);

    public async Task<IReadOnlyDictionary<string, Obstacle>> PrepareAsync(
        IReadOnlyList<Stack> stacks, PrepareOptions options, IRunObserver observer, CancellationToken cancellationToken)
    {
        Stack[] own = [.. stacks.Where(s => !s.IsEndpoint)];
        return own.Length == 0
            ? new Dictionary<string, Obstacle>()
            : await host.PrepareAsync(own, options, observer, cancellationToken);
    }

    public ImageRecord? Image(Stack stack) => Of(stack).Image(stack);

    public Task<long> PrepareMachineAsync(CancellationToken cancellationToken) => host.PrepareMachineAsync(cancellationToken);

    public IReadOnlyList<int> ServerCpus(CorePlan cores) => host.ServerCpus(cores);

    public Task<IDeployment> DeployAsync(DeploymentRequest request, CancellationToken cancellationToken) =>
        Of(request.Stack).DeployAsync(request, cancellationToken);

    public Task<IReadOnlyList<string>> SweepAsync(CancellationToken cancellationToken) => host.SweepAsync(cancellationToken);

    private IHost Of(Stack stack) => stack.IsEndpoint ? endpoints : host;
}
