using System.Diagnostics;
using System.Net;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Hosts;
using ServeBench.Hosts.Telemetry;
using ServeBench.Models.Store;

namespace ServeBench.Runs.Tests.Fakes;

/// <summary>Deploys in-process servers that answer with the model's true embeddings, unless a test says otherwise.</summary>
internal sealed class FakeHost : IHost
{
    public const string HostName = "fake";

    /// <summary>How each stack behaves; absent means well.</summary>
    public Dictionary<string, Behaviour> Behaviours { get; } = [];

    /// <summary>How one deployment behaves, unlike the others of its stack; null for those that do not.</summary>
    public Func<DeploymentRequest, Behaviour?> Exception { get; set; } = _ => null;

    /// <summary>Labels of deployments in the order in which they were made.</summary>
    public List<string> Deployed { get; } = [];

    /// <summary>The model of each deployment, in the same order.</summary>
    public List<ModelArtifact> Models { get; } = [];

    /// <summary>The track of each deployment, in the same order.</summary>
    public List<Track> Tracks { get; } = [];

    /// <summary>More than this is a loop that does not end.</summary>
    public int MostDeployments { get; set; } = int.MaxValue;

    /// <summary>Deployments that have not been disposed.</summary>
    public int Alive { get; private set; }

    public string Name => HostName;

    /// <summary>What preparing the machine is said to have touched.</summary>
    public const long Touched = 5;

    private bool _prepared;

    public Task<long> PrepareMachineAsync(CancellationToken cancellationToken)
    {
        _prepared = true;
        return Task.FromResult(Touched);
    }

    public string Summary => "";

    public ISectionReader Section => throw new NotSupportedException();

    public Task LookAsync(IReadOnlyList<Stack> stacks, CancellationToken cancellationToken) => Task.CompletedTask;

    public Obstacle? Unavailable => null;

    public Obstacle? OnlyByName(Stack stack) => Behaviours.GetValueOrDefault(stack.Name) == Behaviour.OnlyByName ? new Obstacle("its image is not here", "Name it") : null;

    public Obstacle? CannotRun(Stack stack) => Behaviours.GetValueOrDefault(stack.Name) == Behaviour.CannotRun ? new Obstacle("its program is missing", "Build it") : null;

    /// <summary>The stack whose server listens on every interface.</summary>
    public string? Exposed { get; set; }

    public Obstacle? Exposes(Stack stack) => stack.Name == Exposed ? new Obstacle("it listens on every interface", "Agree with --yes") : null;

    /// <summary>Part of every stack's fingerprint, as a real host's settings are.</summary>
    public string Settings { get; set; } = "";

    public string Fingerprint(Stack stack) => $"program of {stack.Name} {Settings}";

    public Task<IReadOnlyDictionary<string, Obstacle>> PrepareAsync(IReadOnlyList<Stack> stacks, PrepareOptions options, IRunObserver observer, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, Obstacle>>(
            stacks.Where(s => Behaviours.GetValueOrDefault(s.Name) == Behaviour.CannotBePrepared).ToDictionary(s => s.Name, _ => new Obstacle("its image could not be built", "Mend it")));

    public ImageRecord? Image(Stack stack) => null;

    public IReadOnlyDictionary<string, string> Versions { get; } = new Dictionary<string, string> { ["fake engine"] = "1" };

    public Task<IReadOnlyList<string>> SweepAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task<IDeployment> DeployAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        Assert.Equal(0, Alive);
        Assert.True(_prepared, "the machine was not prepared for this start");
        _prepared = false;
        var behaviour = Exception(request) ?? Behaviours.GetValueOrDefault(request.Stack.Name);
        if (behaviour == Behaviour.CannotBeStarted) throw new RunFailedException("it cannot be started", "Mend it");
        Deployed.Add(request.Stack.Name);
        Assert.True(Deployed.Count <= MostDeployments, "deployed without end");
        Tracks.Add(request.Track);
        Models.Add(request.Model);
        Alive++;
        return Task.FromResult<IDeployment>(new FakeDeployment(request.Model, behaviour, () => Alive--));
    }
}

internal enum Behaviour
{
    Well,

    /// <summary>Well, and its start-limit is short: who finds its answers wrong does not wait long for better ones.</summary>
    HasLittleTime,
    CannotRun,

    /// <summary>It takes part where it is named.</summary>
    OnlyByName,
    CannotBePrepared,
    CannotBeStarted,
    EndsAtOnce,
    NeverReady,
    AnswersWrongly,
    DiesAfterParity,
    CannotBeEnded,
}

internal sealed class FakeDeployment : IDeployment
{
    private readonly EmbeddingServer? _server;
    private readonly Behaviour _behaviour;
    private readonly string _lastReference;
    private readonly Action _disposed;
    private readonly IPEndPoint _endpoint;

    public FakeDeployment(ModelArtifact model, Behaviour behaviour, Action disposed)
    {
        _behaviour = behaviour;
        _disposed = disposed;
        _lastReference = EmbeddingManifest.Read(model.Folder).References[^1].Text;
        _server = behaviour is Behaviour.EndsAtOnce or Behaviour.NeverReady ? null : new EmbeddingServer(model, wrong: behaviour == Behaviour.AnswersWrongly);
        // Nobody listens on port 1.
        _endpoint = _server?.Endpoint ?? new IPEndPoint(IPAddress.Loopback, 1);
    }

    public Endpoints Endpoints => Endpoints.Of(_endpoint);

    public string Command => "fake";

    public IReadOnlyList<int> Cpus => [0];

    public TimeSpan StartLimit =>
        TimeSpan.FromMilliseconds(_behaviour switch { Behaviour.NeverReady => 200, Behaviour.AnswersWrongly or Behaviour.HasLittleTime => 1500, _ => 20_000 });

    public long LaunchedAt { get; } = Stopwatch.GetTimestamp();

    public IUsageMeter Meter { get; } = new FakeMeter();

    public ValueTask<string?> EndedBecauseAsync() => ValueTask.FromResult(EndedBecause());

    private string? EndedBecause() =>
        _behaviour == Behaviour.EndsAtOnce ? "it ended by itself with code 1"
        : _behaviour == Behaviour.DiesAfterParity && _server!.HasBeenAsked(_lastReference) ? "it ended by itself with code 3; the end of its log: out of memory"
        : Deaths.Contains(_endpoint) ? "it was ended by signal 9" : null;

    /// <summary>Endpoints whose server a driver has declared dead.</summary>
    public static HashSet<IPEndPoint> Deaths { get; } = [];

    /// <summary>How every one says that it was ended.</summary>
    public static StopRecord Stop { get; } = new() { Seconds = 0.5, ExitCode = 0, IsExpected = true, Steps = [], Forced = [] };

    /// <summary>Endpoints at which somebody else listens, with who.</summary>
    public static Dictionary<IPEndPoint, string> Intruders { get; } = [];

    public ListenerFinding Listener() => Intruders.TryGetValue(_endpoint, out var intruder)
        ? new ListenerFinding(ListenerState.Foreign, intruder)
        : _server is null ? ListenerFinding.Unknown : new ListenerFinding(ListenerState.Own);

    public async ValueTask<StopRecord?> StopAsync()
    {
        await DisposeAsync();
        return Stop;
    }

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        _disposed();
        return _behaviour == Behaviour.CannotBeEnded
            ? throw new RunFailedException("the deployment cannot be ended", "End it by hand")
            : ValueTask.CompletedTask;
    }

    private sealed class FakeMeter : IUsageMeter
    {
        public void Start() { }

        public ServerUse Stop() => new() { CpuSeconds = 0.01, MeanResidentBytes = 1e6, PeakResidentBytes = 2e6, MemoryReadings = 1, Cpus = [0], Source = "fake" };
    }
}
