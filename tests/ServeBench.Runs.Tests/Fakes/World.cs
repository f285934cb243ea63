using ServeBench.Domain.Progress;
using ServeBench.Domain.Trials;
using ServeBench.Hosts;
using ServeBench.Load;
using ServeBench.Measurement.Results;
using ServeBench.Models.Packages;
using ServeBench.Models.Store;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Racing;
using ServeBench.Work;

namespace ServeBench.Runs.Tests.Fakes;

/// <summary>A tiny repository with a fake host and a fake driver; each session is what one start of the program would be.</summary>
internal sealed class World : IDisposable
{
    /// <summary>Prepared once for all tests of this process.</summary>
    private static readonly string Models = Directory.CreateTempSubdirectory("servebench-test-models-").FullName;

    private TimeSpan _shift;

    public TinyRepository Repository { get; } = new();

    public FakeHost Host { get; } = new();

    /// <summary>Hosts beside the fake one.</summary>
    public IReadOnlyList<IHost> MoreHosts { get; init; } = [];

    public FakeDriver Driver { get; private set; } = new();

    /// <summary>The drivers of the next starts; the fake one alone unless a test gives others.</summary>
    public DriverChoice? Drivers { get; set; }

    /// <summary>The state of the machine: quiet, and never started anew, unless a test says otherwise.</summary>
    public FakeMachineState MachineState { get; } = new();

    /// <summary>The kinds of work that the program knows.</summary>
    public KnownWork Work { get; set; } = KnownWork.OfProgram;

    /// <summary>The stopping rule of a race; null for none.</summary>
    public Func<IReadOnlyList<CaseResult>, RaceView>? Look { get; set; }

    /// <summary>What every start has said.</summary>
    public List<string> Said { get; } = [];

    /// <summary>The options of each start, unless a test changes them.</summary>
    public RunRequest Request => new()
    {
        Group = "embeddings",
        Models = null,
        Stacks = null,
        Tracks = null,
        Workloads = null,
        Scenarios = null,
        Host = FakeHost.HostName,
        Profile = "quick",
        Trials = null,
        Weights = "seeded",
        Seed = 1,
        Force = false,
        Offline = true,
        RunsFolder = Repository.Runs,
        Command = "./build.sh",
    };

    /// <summary>A new start of the program with the same options.</summary>
    public BenchmarkSession Start(Func<RunRequest, RunRequest>? change = null)
    {
        Driver = new FakeDriver();
        Host.Deployed.Clear();
        return new BenchmarkSession(Services(), change?.Invoke(Request) ?? Request);
    }

    public void Dispose() => Repository.Dispose();

    private BenchmarkServices Services()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "ServeBench.slnx"))) root = root.Parent;
        var all = CpuAffinity.Available;
        return new BenchmarkServices
        {
            Catalogue = Repository.Catalogue(Work, [.. MoreHosts.Select(h => h.Section)]),
            Hosts = new HostCatalogue([Host, .. MoreHosts]),
            Work = Work,
            Models = new ModelStore(Models, new PackageFolder(PackageFolder.Default)),
            Drivers = Drivers ?? new DriverChoice(Driver, "a test asked for it"),
            Machine = new MachineRecord { Cpu = "test", LogicalCores = 2, MemoryBytes = 1, OperatingSystem = "test", Kernel = "test", Architecture = "x64", Accelerators = [], DotNet = "10" },
            // The whole machine for both: tests must not confine the test program.
            Cores = new CorePlan(all, all),
            MachineState = MachineState,
            Look = Look,
            Observer = new Listener(Said),
            Time = new SteppingTime(_shift += BetweenStarts),
            ArtifactsFolder = Path.Combine(Repository.Root, "artifacts"),
            NullServerProgram = Path.Combine(root.FullName, "artifacts", "bin", "ServeBench.NullServer", "release", "ServeBench.NullServer"),
            Version = "test",
        };
    }

    /// <summary>How long after the one before each start of the program is.</summary>
    public TimeSpan BetweenStarts { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The real clock for durations; its date is shifted so that every start of the program has a date of its own.</summary>
    private sealed class SteppingTime(TimeSpan shift) : TimeProvider
    {
        private static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Origin + shift;
    }

    private sealed class Listener(List<string> said) : IRunObserver
    {
        public IStep Begin(string step, TimeSpan? expected = null) => SilentObserver.Instance;

        public void Say(string line) => said.Add(line);

        public void Warn(string line) => said.Add(line);
    }
}
