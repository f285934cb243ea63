using ServeBench.Build.Options;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Hosts;
using ServeBench.Hosts.Docker;
using ServeBench.Hosts.Docker.Images;
using ServeBench.Hosts.Machine;
using ServeBench.Hosts.Process;
using ServeBench.Load;
using ServeBench.Load.Native;
using ServeBench.Models.Architectures;
using ServeBench.Models.Store;
using ServeBench.Processes.Commands;
using ServeBench.Reports;
using ServeBench.Runs;

namespace ServeBench.Build.Composition;

/// <summary>Puts the libraries together. The one place that knows which hosts, drivers and architectures there are.</summary>
public sealed class ProgramServices : IDisposable
{
    private readonly Lazy<Catalogue> _catalogue;

    public ProgramServices(RepositoryPaths paths, Screen screen)
    {
        Paths = paths;
        Screen = screen;
        Observer = new TerminalObserver(screen);
        Docker = new DockerHost(Commands, new ImageFolders(paths.Root, paths.Artifacts));
        Hosts = new HostCatalogue([new ProcessHost(paths.Programs, Commands), Docker]);
        _catalogue = new Lazy<Catalogue>(() => CatalogueReader.Read(paths.Catalogues, new CatalogueVocabulary([.. Hosts.All.Select(h => h.Section)], KnownArchitectures.All)));
    }

    public RepositoryPaths Paths { get; }

    public Screen Screen { get; }

    public TerminalObserver Observer { get; }

    public HostCatalogue Hosts { get; }

    public DockerHost Docker { get; }

    public ModelStore Models => new(Paths.Models, Paths.NodeModules);

    public ICommandRunner Commands { get; } = new CommandRunner();

    /// <summary>The drivers that can make load, the default first.</summary>
    public IReadOnlyDictionary<string, Func<ILoadDriver>> Drivers { get; } = new Dictionary<string, Func<ILoadDriver>> { ["native"] = () => new NativeDriver() };

    /// <exception cref="FaultException">when catalogue files are wrong.</exception>
    public Catalogue Catalogue => _catalogue.Value;

    public IChartRenderer ChartRenderer => new NodeChartRenderer(Commands, Paths.NodeModules);

    /// <summary>Reads the catalogue and checks the options against it; faults of both are collected.</summary>
    public BuildOptions? Read(CommandLine line, FaultList faults)
    {
        try
        {
            return BuildOptions.Read(line, Catalogue, [.. Hosts.Names, HostCatalogue.Auto], [.. Drivers.Keys], Paths.Root, faults);
        }
        catch (FaultException e)
        {
            faults.AddRange(e.Faults);
            return null;
        }
    }

    /// <summary>What a benchmark works with.</summary>
    public BenchmarkServices Benchmark(BuildOptions options) => new()
    {
        Catalogue = Catalogue,
        Hosts = Hosts,
        Models = Models,
        Driver = Drivers[options.Driver](),
        Machine = MachineReader.Read(),
        Cores = CorePlan.ForThisMachine(),
        Observer = Observer,
        Time = TimeProvider.System,
        ArtifactsFolder = Paths.Artifacts,
        NullServerProgram = Paths.Program("ServeBench.NullServer"),
        Version = RepositoryPaths.Version,
    };

    public void Dispose() => Observer.Dispose();
}
