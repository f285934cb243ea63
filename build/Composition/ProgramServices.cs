using ServeBench.Build.Options;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Hosts;
using ServeBench.Hosts.Docker;
using ServeBench.Hosts.Endpoint;
using ServeBench.Hosts.Images;
using ServeBench.Hosts.Machine;
using ServeBench.Hosts.Process;
using ServeBench.Load.Calibration.Tools;
using ServeBench.Load.K6.Finding;
using ServeBench.Load.Wire;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Results;
using ServeBench.Models.Architectures;
using ServeBench.Models.Store;
using ServeBench.Processes.Commands;
using ServeBench.Runs;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Racing;
using ServeBench.Work;

namespace ServeBench.Build.Composition;

/// <summary>Puts the libraries together. The one place that knows which hosts and architectures there are.</summary>
public sealed class ProgramServices : IDisposable
{
    private readonly Lazy<Catalogue> _catalogue;
    private readonly Lazy<HttpClient> _http = new(() => new HttpClient { Timeout = TimeSpan.FromMinutes(5) });

    public ProgramServices(RepositoryPaths paths, Screen screen)
    {
        Paths = paths;
        Screen = screen;
        Observer = new TerminalObserver(screen);
        Docker = new DockerHost(Commands, new ImageFolders(paths.Root, paths.Artifacts));
        Hosts = new HostCatalogue([new ProcessHost(paths.Programs, Commands), Docker]);
        _catalogue = new Lazy<Catalogue>(
            () =>
                CatalogueReader.Read(
                    paths.Catalogues,
                    new CatalogueVocabulary(
                        [.. Hosts.All.Select(h => h.Section), EndpointHost.SectionReader], KnownArchitectures.All, KnownWork.OfProgram.All)
                    {
                        WireFormats = WireFormats.All
                    }));
    }

    public RepositoryPaths Paths { get; }

    public Screen Screen { get; }

    public TerminalObserver Observer { get; }

    public HostCatalogue Hosts { get; }

    public DockerHost Docker { get; }

    public ModelStore Models => new(Paths.Models, new NuGetFeed(Commands, Path.Combine(Paths.Artifacts, "tools", "packages")));

    public ICommandRunner Commands { get; } = new CommandRunner();

    public DriverSelection Drivers => new(K6, Paths.Catalogues.Templates, Path.Combine(Paths.Artifacts, "k6", "runs"));

    public K6Locator K6 =>
        new(
            Commands,
            new K6Release(_http.Value, K6Release.Published, Path.Combine(Paths.Artifacts, "tools", "k6")),
            Environment.GetEnvironmentVariable("PATH")
                ?? "");

    /// <exception cref="FaultException">when catalogue files are wrong.</exception>
    public Catalogue Catalogue => _catalogue.Value;

    /// <summary>Reads the catalogue and checks the options against it; faults of both are collected.</summary>
    public BuildOptions? Read(CommandLine line, FaultList faults)
    {
        try
        {
            return BuildOptions.Read(line, Catalogue, [.. Hosts.Names, HostCatalogue.Auto], DriverSelection.Names, Paths.Root, faults);
        }
        catch (FaultException e)
        {
            faults.AddRange(e.Faults);
            return null;
        }
    }

    /// <summary>
    /// Begins what every measuring command needs and other programs or disks take their time for, while this program still starts:
    /// what hosts find, and the hash of what measures. Whoever needs it waits for it there, and gets its failures there.
    /// </summary>
    public void BeginToLook() =>
        _ = Task.WhenAll(Hosts.LookAsync(Catalogue.Stacks, CancellationToken.None), Task.Run(MeasuringPrograms.Hash))
            .ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    /// <summary>What a benchmark works with.</summary>
    /// <exception cref="FaultException">when the driver that was asked for cannot be obtained.</exception>
    public async Task<BenchmarkServices> BenchmarkAsync(BuildOptions options, CancellationToken ct) => new()
    {
        Catalogue = EndpointStacks.In(Catalogue, options.Endpoints),
        Hosts = EndpointStacks.In(Hosts, options.Endpoints),
        Work = KnownWork.OfProgram,
        Models = Models,
        Drivers = await Drivers.ChooseAsync(options, Observer, ct),
        Machine = MachineReader.Read(),
        Cores = CorePlan.ForThisMachine(),
        Observer = Observer,
        Time = TimeProvider.System,
        ArtifactsFolder = Paths.Artifacts,
        NullServerProgram = Paths.Program("ServeBench.NullServer"),
        Version = RepositoryPaths.Version,
        Look = Look,
    };

    /// <summary>The stopping rule of a race, as the room of runs knows it.</summary>
    private static RaceView Look(IReadOnlyList<CaseResult> cases)
    {
        var state = Racing.Look(cases);
        return new RaceView(state.Decided, state.Exhausted, state.InContention);
    }

    /// <summary>Every load tool of this machine, our own first.</summary>
    public async Task<IReadOnlyList<ILoadTool>> ToolsAsync(BuildOptions options, IReadOnlyList<int> cpus, CancellationToken ct)
    {
        var drivers = await Drivers.AllAsync(options, ct);
        var others = await InstalledTools.FindAsync(Commands, Environment.GetEnvironmentVariable("PATH") ?? "", ct);
        return [.. drivers.Select(d => new DriverTool(d, cpus)), .. others];
    }

    public void Dispose()
    {
        if (_http.IsValueCreated) _http.Value.Dispose();
        Observer.Dispose();
    }
}
