using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Models;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Tests.Fakes;
using ServeBench.Work.Embedding;

namespace ServeBench.Runs.Tests.Planning;

/// <summary>
/// What decides a result changes its fingerprint, and nothing else does: a missing input would pass stale numbers off as new
/// ones without a word.
/// </summary>
public sealed class FingerprintsTests : IDisposable
{
    private readonly TinyRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Theory]
    [InlineData("programs", "case ceiling calibration")]
    [InlineData("machine", "case ceiling calibration")]
    [InlineData("accelerators", "case ceiling calibration")]
    [InlineData("client cores", "case ceiling calibration")]
    [InlineData("server cores", "case ceiling calibration")]
    [InlineData("host", "case")]
    [InlineData("stack folder", "case")]
    [InlineData("track environment", "case")]
    [InlineData("track arguments", "case")]
    [InlineData("label", "case")]
    [InlineData("trial", "case ceiling")]
    [InlineData("model manifest", "case ceiling")]
    [InlineData("parity limits", "case")]
    [InlineData("payload seed", "case ceiling")]
    [InlineData("arrival seed", "open")]
    [InlineData("corpus", "case ceiling")]
    [InlineData("lengths", "case ceiling")]
    [InlineData("items", "case ceiling")]
    [InlineData("distinct", "case ceiling")]
    [InlineData("protocol", "case calibration")]
    [InlineData("deadline", "case")]
    [InlineData("latency objective", "case")]
    [InlineData("error rate", "case")]
    [InlineData("level", "case")]
    [InlineData("warm-up window", "case")]
    [InlineData("warm-up limit", "case")]
    [InlineData("measure", "case")]
    [InlineData("least requests", "case")]
    [InlineData("longest measure", "case")]
    [InlineData("driver", "case calibration")]
    [InlineData("ceiling duration", "ceiling")]
    [InlineData("batch size", "ceiling")]
    [InlineData("calibrate duration", "calibration")]
    [InlineData("null server", "calibration")]
    [InlineData("request bytes", "calibration")]
    [InlineData("response", "calibration")]
    // What must not cost a measurement:
    [InlineData("readme of the stack", "")]
    [InlineData("title of the workload", "")]
    [InlineData("block seed", "")]
    [InlineData("number of trials", "")]
    [InlineData("reason of the weights", "")]
    [InlineData("folder of the model", "")]
    public void Whatever_decides_a_result_is_part_of_its_fingerprint(string change, string changes)
    {
        var before = new World(_repository).Hash();
        var world = new World(_repository);
        Change(world, change);
        var after = world.Hash();
        var differ = before.Keys.Where(k => before[k] != after[k]).ToArray();
        var expected = changes.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(c => c == "case" ? new[] { "closed", "open" } : [c]);
        Assert.Equal(expected.Order(), differ.Order());
    }

    [Fact]
    public void What_was_not_changed_has_the_same_fingerprint() => Assert.Equal(new World(_repository).Hash(), new World(_repository).Hash());

    private void Change(World w, string what)
    {
        switch (what)
        {
            case "programs": w.Programs = "others"; break;
            case "machine": w.Machine = w.Machine with { Kernel = "newer" }; break;
            case "accelerators": w.Machine = w.Machine with { Accelerators = ["a GPU"] }; break;
            case "client cores": w.Cores = w.Cores with { Client = [3] }; break;
            case "server cores": w.Cores = w.Cores with { Server = [0, 2] }; break;
            case "host": w.Host.Settings = "others"; break;
            case "stack folder": _repository.Write("src/stacks/alpha/app/server.py", "print()"); break;
            case "track environment": w.Track = w.Track with { Environment = new Dictionary<string, string> { ["A"] = "1" } }; break;
            case "track arguments": w.Track = w.Track with { Arguments = ["--more"] }; break;
            case "label": w.IsTwin = true; break;
            case "trial": w.Trial = 2; break;
            case "model manifest": File.WriteAllText(Path.Combine(w.Model.Folder, "model.json"), """{"other": "tokenizer"}"""); break;
            case "parity limits": w.Card = w.Card with { Parity = new ParityLimits(new Dictionary<string, double> { ["maximum-difference"] = 1e-12, ["least-cosine"] = w.Card.Parity["least-cosine"] }) }; break;
            case "payload seed": w.Seeds = w.Seeds with { Payload = 99 }; break;
            case "arrival seed": w.Seeds = w.Seeds with { Arrivals = 99 }; break;
            case "corpus": _repository.Write("k6/data/words.txt", "other words"); break;
            case "lengths": w.Text = w.Text with { Lengths = [new TokenLength(8, 1)] }; break;
            case "items": w.Text = w.Text with { ItemsPerRequest = 2 }; break;
            case "distinct": w.Text = w.Text with { Distinct = 13 }; break;
            case "protocol": _repository.Write("k6/protocols/openai-embeddings.yaml", "another"); break;
            case "deadline": w.Objectives = w.Objectives with { Deadline = TimeSpan.FromSeconds(9) }; break;
            case "latency objective": w.Objectives = w.Objectives with { LatencyP95 = TimeSpan.FromSeconds(1) }; break;
            case "error rate": w.Objectives = w.Objectives with { ErrorRate = 0.5 }; break;
            case "level": w.Level = 3; break;
            case "warm-up window": w.Profile = w.Profile with { WarmUpWindow = TimeSpan.FromSeconds(9) }; break;
            case "warm-up limit": w.Profile = w.Profile with { WarmUpLimit = TimeSpan.FromSeconds(9) }; break;
            case "measure": w.Profile = w.Profile with { Measure = TimeSpan.FromSeconds(9) }; break;
            case "least requests": w.Profile = w.Profile with { LeastRequests = 9 }; break;
            case "longest measure": w.Profile = w.Profile with { LongestMeasure = TimeSpan.FromSeconds(9) }; break;
            case "driver": w.Driver = "another"; break;
            case "ceiling duration": w.Profile = w.Profile with { Ceiling = TimeSpan.FromSeconds(9) }; break;
            case "batch size": w.BatchSize = 4; break;
            case "calibrate duration": w.Profile = w.Profile with { Calibrate = TimeSpan.FromSeconds(9) }; break;
            case "null server": w.NullServer = "another"; break;
            case "request bytes": w.RequestBytes = 2; break;
            case "response": w.Response = "32 x 384"; break;
            case "readme of the stack": _repository.Write("src/stacks/alpha/README.md", "# Alpha"); break;
            case "title of the workload": w.Title = "Another title"; break;
            case "block seed": w.Seeds = w.Seeds with { Blocks = 99 }; break;
            case "number of trials": w.Profile = w.Profile with { Trials = 9 }; break;
            case "reason of the weights": w.Model = w.Model with { WeightsReason = "another", WeightsDetail = "another" }; break;
            case "folder of the model":
                var elsewhere = Directory.CreateDirectory(Path.Combine(_repository.Root, "elsewhere")).FullName;
                File.Copy(Path.Combine(w.Model.Folder, "model.json"), Path.Combine(elsewhere, "model.json"));
                w.Model = w.Model with { Folder = elsewhere };
                break;
            default: throw new ArgumentException(what, nameof(what));
        }
    }

    /// <summary>One of everything, each replaceable.</summary>
    private sealed class World
    {
        private readonly Catalogue _catalogue;
        private readonly Workload _workload;

        public World(TinyRepository repository)
        {
            // Read before the change, which a broken file would not survive.
            var protocol = File.ReadAllText(Path.Combine(repository.Root, "k6/protocols/openai-embeddings.yaml"));
            if (!protocol.StartsWith("name", StringComparison.Ordinal)) throw new InvalidOperationException("the change was made too early");
            _catalogue = repository.Catalogue();
            _workload = _catalogue.Workloads.Single();
            Text = (TextPayload)_workload.Payload;
            Objectives = _workload.Objectives;
            Profile = _catalogue.Profile("quick");
            Card = _catalogue.Models.Single();
            Title = _workload.Title;
            var stack = _catalogue.Stack("alpha");
            Track = stack.Tracks[0];
            var folder = Directory.CreateDirectory(Path.Combine(repository.Root, "prepared")).FullName;
            File.WriteAllText(Path.Combine(folder, "model.json"), "{}");
            Model = new ModelArtifact { Model = "tiny", Weights = "seeded", WeightsReason = "a test", Sha256 = "abc", Folder = folder, OnnxFile = "m.onnx", SafetensorsFile = "m.safetensors", Parameters = 1 };
        }

        public string Programs { get; set; } = "ours";
        public MachineRecord Machine { get; set; } = new() { Cpu = "test", LogicalCores = 2, MemoryBytes = 1, OperatingSystem = "test", Kernel = "test", Architecture = "x64", Accelerators = [], DotNet = "10" };
        public CorePlan Cores { get; set; } = new([1], [0]);
        public FakeHost Host { get; } = new();
        public Track Track { get; set; }
        public bool IsTwin { get; set; }
        public int Trial { get; set; } = 1;
        public ModelArtifact Model { get; set; }
        public ModelCard Card { get; set; }
        public SeedRecord Seeds { get; set; } = new(1, 2, 3, 4);
        public TextPayload Text { get; set; }
        public Objectives Objectives { get; set; }
        public string Title { get; set; }
        public int Level { get; set; } = 4;
        public Profile Profile { get; set; }
        public string Driver { get; set; } = "native";
        public int? BatchSize { get; set; }
        public string NullServer { get; set; } = "null";
        public int RequestBytes { get; set; } = 1;
        public string Response { get; set; } = "1 x 384";

        public Dictionary<string, string> Hash()
        {
            var catalogue = _catalogue with { Models = [Card] };
            var workload = _workload with { Payload = Text, Objectives = Objectives, Title = Title };
            var prints = new Fingerprints(catalogue, Host, Machine, Cores, Programs);
            var contender = new Contender(catalogue.Stack("alpha"), Track);
            if (IsTwin) contender = contender.Twin();
            var deployment = prints.Deployment(contender, Model, Trial);
            var protocol = catalogue.Protocols.Single();
            var (closed, open) = (workload.Scenarios.OfType<ClosedScenario>().Single(), workload.Scenarios.OfType<OpenScenario>().Single());
            return new Dictionary<string, string>
            {
                ["closed"] = prints.Case(deployment, workload, protocol, closed, new ClosedLoop(Level), Profile, Seeds, Driver),
                ["open"] = prints.Case(deployment, workload, protocol, open, new OpenLoop(ArrivalProcesses.Poisson, Level), Profile, Seeds, Driver),
                ["ceiling"] = prints.Ceiling(workload, Model, Profile, Seeds, Trial, BatchSize),
                ["calibration"] = prints.Calibration(Profile, Driver, NullServer, protocol, RequestBytes, Response),
            };
        }
    }
}
