using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Stacks;

namespace ServeBench.Hosts.Docker;

/// <summary>Deploys stacks as containers of a Docker Engine.</summary>
public sealed class DockerHost : IHost
{
    public const string HostName = "docker";

    public string Name => HostName;

    public string Summary => "containers of a Docker Engine, on cores of their own";

    public ISectionReader Section { get; } = new DockerHostSectionReader();

    public Obstacle? Unavailable() => new("containers cannot be started yet", "Choose --host=process");

    public Obstacle? CannotRun(Stack stack) => Unavailable();

    public string Fingerprint(Stack stack) => throw new NotSupportedException();

    public Task<IDeployment> DeployAsync(DeploymentRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IReadOnlyList<string> Sweep() => [];
}
