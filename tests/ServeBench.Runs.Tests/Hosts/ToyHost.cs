using System.Diagnostics;
using System.Net;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Yaml;
using ServeBench.Hosts;
using ServeBench.Hosts.Telemetry;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Hosts;

/// <summary>
/// A host as a newcomer would add it: this file, and one entry in the list of hosts. Its stacks answer inside the test, on an endpoint
/// for requests and on another for counters.
/// </summary>
internal sealed class ToyHost : IHost
{
    public const string HostName = "toy";

    public string Name => HostName;

    public string Summary => "a server inside the test";

    public ISectionReader Section { get; } = new SectionReader();

    public Obstacle? Unavailable { get; private set; } = new("nobody has looked", "Look first");

    public Task LookAsync(IReadOnlyList<Stack> stacks, CancellationToken cancellationToken)
    {
        Unavailable = null;
        return Task.CompletedTask;
    }

    public Obstacle? CannotRun(Stack stack) => stack.Hosts.ContainsKey(Name) ? null : new Obstacle($"{stack.Name} says nothing about the {Name} host", "Add a section to its stack.yaml");

    public string Fingerprint(Stack stack)
    {
        using var hash = new ContentHash();
        return hash.Add("host", Name).AddRecord("settings", stack.Hosts[Name]).Finish();
    }

    public Task<IDeployment> DeployAsync(DeploymentRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IDeployment>(new Deployment(new EmbeddingServer(request.Model, wrong: false), ((Settings)request.Stack.Hosts[Name]).Greeting));

    public Task<IReadOnlyList<string>> SweepAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <param name="Greeting">Shown as the command.</param>
    private sealed record Settings(string Greeting);

    private sealed class SectionReader : ISectionReader
    {
        public string Name => HostName;

        public object Read(YamlMapping section, string folder)
        {
            var settings = new Settings(section.Text("greeting"));
            section.Done();
            return settings;
        }
    }

    private sealed class Deployment(EmbeddingServer server, string greeting) : IDeployment, IUsageMeter
    {
        public Endpoints Endpoints { get; } = new(new Dictionary<string, IPEndPoint> { [Endpoints.Http] = server.Endpoint, [Endpoints.Metrics] = new(IPAddress.Loopback, 1) });

        public string Command => greeting;

        public IReadOnlyList<int> Cpus => [];

        public TimeSpan StartLimit => TimeSpan.FromSeconds(20);

        public long LaunchedAt { get; } = Stopwatch.GetTimestamp();

        public IUsageMeter Meter => this;

        public ValueTask<string?> EndedBecauseAsync() => ValueTask.FromResult<string?>(null);

        public void Start() { }

        public ServerUse Stop() => new() { Cpus = [], Source = "not measured: a toy" };

        public ValueTask DisposeAsync()
        {
            server.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
