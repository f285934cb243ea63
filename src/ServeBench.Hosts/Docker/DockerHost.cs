using System.Collections.Concurrent;
using System.Diagnostics;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;
using ServeBench.Hosts.Delivery;
using ServeBench.Hosts.Engines;
using ServeBench.Hosts.Images;
using ServeBench.Hosts.Machine;
using ServeBench.Hosts.Ownership;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Servers;

namespace ServeBench.Hosts.Docker;

/// <summary>
/// Deploys stacks as containers of the Docker Engine that the docker command line leads to: this machine's, or through ssh
/// another's.
/// </summary>
public sealed class DockerHost : IHost
{
    public const string HostName = "docker";

    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);

    private readonly DockerCli _docker;
    private readonly ICommandRunner _commands;
    private readonly ImageFolders _folders;
    private readonly ModelVolumes _volumes;
    private readonly PublishedImages _published;
    private readonly Lazy<Task<(DockerEngine? Engine, Obstacle? Obstacle)>> _looking;
    private readonly ConcurrentDictionary<string, ImageRecord> _images = new();
    private readonly LeftContainers _left;

    /// <summary>Who heard of the preparation hears of a model's way to another machine.</summary>
    private IRunObserver _observer = SilentObserver.Instance;

    private bool _said;

    /// <param name="commands">Runs docker and what makes images.</param>
    /// <param name="folders">Where images are made from and recorded.</param>
    public DockerHost(ICommandRunner commands, ImageFolders folders)
    {
        _commands = commands;
        _folders = folders;
        _docker = new DockerCli(commands);
        (_volumes, _published) = (new ModelVolumes(_docker), new PublishedImages(_docker));
        _left = new LeftContainers(_docker);
        _looking = new(() => DockerEngine.FindAsync(_docker));
    }

    public string Name => HostName;

    public string Summary => "containers of the Docker Engine that docker's context leads to, on cores of their own";

    public ISectionReader Section { get; } = new DockerHostSectionReader();

    /// <summary>How long an engine that has ended may take to be back; a service manager restarts it at once.</summary>
    public TimeSpan EngineLimit { get; init; } = TimeSpan.FromSeconds(60);

    public Obstacle? Unavailable => Found.Obstacle;

    public async Task LookAsync(IReadOnlyList<Stack> stacks, CancellationToken cancellationToken)
    {
        await FindAsync(cancellationToken);
        if (Unavailable is null) await _published.FindAsync(stacks.SelectMany(FromRegistries), cancellationToken);
    }

    public Obstacle? OnlyByName(Stack stack) => _published.NotHere(FromRegistries(stack));

    /// <summary>Asks registries for images that are not here: from then on stacks that need one that is not to be had cannot run.</summary>
    public async Task AskRegistriesAsync(IReadOnlyList<Stack> stacks, bool offline, CancellationToken cancellationToken)
    {
        await FindAsync(cancellationToken);
        if (Unavailable is null) await _published.LookAsync(stacks.SelectMany(FromRegistries), offline, cancellationToken);
    }

    public RemoteMachineRecord? Elsewhere => Found.Engine?.Elsewhere;

    public async Task<long> PrepareMachineAsync(CancellationToken cancellationToken)
    {
        await FindAsync(cancellationToken);
        return Elsewhere is null ? await Task.Run(FreeMemory.Touch, cancellationToken) : 0;
    }

    public IReadOnlyList<int> ServerCpus(CorePlan cores) =>
        Elsewhere is { } machine ? [.. Enumerable.Range(0, machine.LogicalCores)] : cores.Server;

    public Obstacle? CannotRun(Stack stack)
    {
        if (!stack.Hosts.ContainsKey(Name))
            return new Obstacle(
                $"{stack.Name} says nothing about the {Name} host", $"Choose one of its own: {string.Join(", ", stack.Hosts.Keys)}");
        if (Unavailable is { } obstacle) return obstacle;
        if (_published.Missing(stack.Name, FromRegistries(stack)) is { } missing) return missing;
        return Settings(stack).Gpus is null || Engine.HasGpus
            ? null
            : new Obstacle(
                $"{stack.Name} needs a GPU, and the Docker Engine can give it none",
                "Run it on a machine with NVIDIA's driver and container toolkit");
    }

    public IReadOnlyDictionary<string, string> Versions => Found.Engine is { } engine
        ? new Dictionary<string, string> { ["Docker Engine"] = engine.ToString() }
        : new Dictionary<string, string>();

    public string Fingerprint(Stack stack)
    {
        var image = Built(stack);
        using var hash = new ContentHash();
        hash.Add("host", Name).Add("engine", Engine.ToString()).Add("inputs", image.InputsSha256).Add("image", image.ContentSha256);
        if (Elsewhere is { } machine) hash.AddRecord("machine", machine).Add("engine's id", Engine.Id);
        return hash.Finish();
    }

    public ImageRecord? Image(Stack stack) => _images.GetValueOrDefault(stack.Name);

    public async Task<IReadOnlyDictionary<string, Obstacle>> PrepareAsync(
        IReadOnlyList<Stack> stacks, PrepareOptions options, IRunObserver observer, CancellationToken cancellationToken)
    {
        await FindAsync(cancellationToken);
        _observer = observer;
        SayWhere();
        var builder = Builder;
        var failed = new Dictionary<string, Obstacle>();
        foreach (var stack in stacks.Where(s => options.Force || !_images.ContainsKey(s.Name)))
        {
            try
            {
                var (image, reused) = await builder.EnsureAsync(
                    stack, Settings(stack).Image, Engine, options.Force, options.Offline, observer, cancellationToken);
                _images[stack.Name] = image;
                if (!reused)
                    observer.Say(
                        $"{(image.BuildSeconds is { } took ? $"Built {image.Name} in {took:0.0} s" : $"{image.Name} is here")}: "
                            + $"{image.Bytes / 1e6:0.0} MB in {Plural.Of(image.Layers, "layer")}, "
                            + $"{(image.CompressedBytes is { } packed ? $"{packed / 1e6:0.0} MB packed" : "packed not measured")}");
            }
            catch (RunFailedException e)
            {
                failed[stack.Name] = new Obstacle(e.Message, e.Remedy);
            }
        }
        return failed;
    }

    /// <summary>Makes base images from Debian's packages; none that exists is replaced.</summary>
    /// <param name="stacks">The stacks whose Dockerfiles name them.</param>
    /// <param name="observer">Is given progress.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Each base image, and whether it was made now.</returns>
    /// <exception cref="RunFailedException">when one cannot be made.</exception>
    public async Task<IReadOnlyList<(string Name, bool Made)>> MakeBaseImagesAsync(
        IReadOnlyList<Stack> stacks, IRunObserver observer, CancellationToken cancellationToken)
    {
        await FindAsync(cancellationToken);
        if (Unavailable is { } obstacle) throw new RunFailedException(obstacle.Problem, obstacle.Remedy);
        var dockerfiles = stacks
            .Where(s => s.Hosts.ContainsKey(Name) && Settings(s).Image.Published is null)
            .Select(s => Path.Combine(s.Folder, Settings(s).Image.Dockerfile));
        var made = new List<(string, bool)>();
        foreach (var name in dockerfiles.SelectMany(f => Dockerfile.Bases(File.ReadAllText(f))).Distinct())
            made.Add((name, await Bases.MakeAsync(name, observer, cancellationToken)));
        return made;
    }

    public async Task<IDeployment> DeployAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        await FindAsync(cancellationToken);
        // One server at a time: what a dead engine left is removed before anything new is run.
        if (!await _left.RemoveAsync())
        {
            if (!await IsBackAsync(cancellationToken))
                throw new RunFailedException(
                    $"the container of {request.Stack.Name} could not be started: "
                        + $"{DockerFailure.NoEngine.Problem}, and what it left is not removed",
                    DockerFailure.NoEngine.Remedy);
            await _left.RemoveAsync();
            await PrepareMachineAsync(cancellationToken);
        }
        var spec = ContainerSpec.Of(
            request, Engine, Built(request.Stack).Name, Settings(request.Stack), await MountsAsync(request, cancellationToken));
        SshTunnel? tunnel = null;
        var will = LastWill.Of(new CommandSpec(DockerCli.Program, "rm", "--force", "--volumes", spec.Name));
        try
        {
            var (at, atUtc) = (Stopwatch.GetTimestamp(), DateTimeOffset.UtcNow);
            var run = await _docker.TryAsync(RunLimit, spec.RunArguments(), cancellationToken);
            if (run.ExitCode != 0 && DockerFailure.IsNoEngine(run.Error) && await IsBackAsync(cancellationToken))
            {
                // The engine may have died after making this container, and its name is taken then.
                await _left.RemoveAsync();
                await _docker.RemoveAsync(spec.Name);
                await PrepareMachineAsync(cancellationToken);
                (at, atUtc) = (Stopwatch.GetTimestamp(), DateTimeOffset.UtcNow);
                run = await _docker.TryAsync(RunLimit, spec.RunArguments(), cancellationToken);
            }
            if (run.ExitCode != 0)
                throw DockerFailure.Exception(
                    $"the container of {request.Stack.Name} could not be started",
                    run.Error,
                    $"Look at the docker section of {request.Stack.Name}'s stack.yaml, and at its Dockerfile");
            var container = Container.Read(
                await _docker.InspectAsync("container", spec.Name, cancellationToken)
                    ?? throw new RunFailedException(
                        $"the container of {request.Stack.Name} was removed as it started", "Who removes containers here?"));
            if (Engine.Destination is { } destination && container.PublishedPorts.Count > 0)
                tunnel = await SshTunnel.OpenAsync(
                    destination, [.. container.PublishedPorts.Values], request.Id, request.Cpus, cancellationToken);
            var launch = new DockerDeployment.Launch(
                at,
                atUtc,
                ContainerEndpoints.Of(Engine, container, spec.Settings, tunnel),
                request.LogFile,
                Engine.IsNative,
                will,
                _left.Add,
                _observer.Warn)
            {
                Between = Elsewhere?.Between,
                Tunnel = tunnel,
            };
            return new DockerDeployment(_docker, spec, container, launch, ContainerMeter.Of(_commands, Engine, container, spec, tunnel));
        }
        catch
        {
            if (tunnel is not null) await tunnel.DisposeAsync();
            if (await _docker.RemoveAsync(spec.Name)) will.Dispose();
            else _left.Add(spec.Name);
            throw;
        }
    }

    public async Task<IReadOnlyList<string>> SweepAsync(CancellationToken cancellationToken)
    {
        var listing = await _docker.TryAsync(DockerCli.Quick, ContainerLabels.ListArguments, cancellationToken);
        var ended = new List<string>();
        foreach (var (container, deployment) in ContainerLabels.Orphans(listing.ExitCode == 0 ? listing.Output : ""))
        {
            if (await _docker.RemoveAsync(container))
                ended.Add($"Ended container {container[..12]} of deployment {deployment}, whose run is gone");
        }
        return ended;
    }

    private Task<(DockerEngine? Engine, Obstacle? Obstacle)> FindAsync(CancellationToken cancellationToken) =>
        _looking.Value.WaitAsync(cancellationToken);

    private (DockerEngine? Engine, Obstacle? Obstacle) Found => _looking is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }
        ? _looking.Value.Result
        : throw new InvalidOperationException($"nobody has looked for a Docker Engine yet: call {nameof(LookAsync)} first");

    private DockerEngine Engine => Found.Engine ?? throw new RunFailedException(Found.Obstacle!.Problem, Found.Obstacle.Remedy);

    private BaseImages Bases =>
        new(_docker, new BaseImageMaker(_docker, _commands, EngineFolders) { Architecture = Engine.Architecture }, EngineFolders);

    private ImageBuilder Builder => new(_docker, Bases, new ProgramPublisher(_commands, _folders), EngineFolders);

    private ImageFolders EngineFolders => Elsewhere is null ? _folders : _folders with { Engine = Engine.Key };

    private void SayWhere()
    {
        if (_said || Elsewhere is not { } machine) return;
        _said = true;
        _observer.Warn(
            $"The Docker Engine is on another machine ({Plural.Of(machine.LogicalCores, "core")}, {machine.OperatingSystem}): "
                + $"{machine.Between} lie between client and server, so every latency includes them, and they may limit throughput");
    }

    private Task<IReadOnlyList<string>> MountsAsync(DeploymentRequest request, CancellationToken cancellationToken) => Elsewhere is null
        ? Task.FromResult(ModelMount.OfFolders(request.Model, request.Repository))
        : _volumes.MountsAsync(request, Built(request.Stack), _observer, cancellationToken);

    private IEnumerable<string> FromRegistries(Stack stack) =>
        stack.Hosts.ContainsKey(Name) ? Settings(stack).Image.FromRegistries(stack.Folder) : [];

    private DockerHostSettings Settings(Stack stack) => (DockerHostSettings)stack.Hosts[Name];
    private ImageRecord Built(Stack stack) =>
        Image(stack) ?? throw new InvalidOperationException($"the image of {stack.Name} has not been prepared");

    /// <summary>Waits for an engine that has ended.</summary>
    private async Task<bool> IsBackAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(AskAgain);
        while (Stopwatch.GetElapsedTime(began) < EngineLimit)
        {
            if ((await _docker.TryAsync(DockerCli.Quick, ["version", "--format={{.Server.Version}}"], cancellationToken)).ExitCode == 0)
                return true;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
        return false;
    }
}
