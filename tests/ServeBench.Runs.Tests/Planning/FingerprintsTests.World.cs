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

public sealed partial class FingerprintsTests
{
    /// <summary>One of everything, each replaceable.</summary>
    private sealed class World
    {
        private readonly Catalogue _catalogue;

        public World(TinyRepository repository)
        {
            // Read before the change, which a broken file would not survive.
            var protocol = File.ReadAllText(Path.Combine(repository.Root, "k6/protocols/openai-embeddings.yaml"));
            if (!protocol.StartsWith("name", StringComparison.Ordinal)) throw new InvalidOperationException("the change was made too early");
            _catalogue = repository.Catalogue();
            Workload = _catalogue.Workloads.Single();
            Profile = _catalogue.Profile("quick");
            Card = _catalogue.Models.Single();
            Stack = _catalogue.Stack("alpha");
            Track = Stack.Tracks[0];
            var folder = Directory.CreateDirectory(Path.Combine(repository.Root, "prepared")).FullName;
            File.WriteAllText(Path.Combine(folder, "model.json"), "{}");
            Model = new ModelArtifact { Model = "tiny", Weights = "seeded", WeightsReason = "a test", Sha256 = "abc", Folder = folder, OnnxFile = "m.onnx", SafetensorsFile = "m.safetensors", Parameters = 1 };
        }

        public string Programs { get; set; } = "ours";
        public MachineRecord Machine { get; set; } = new() { Cpu = "test", LogicalCores = 2, MemoryBytes = 1, OperatingSystem = "test", Kernel = "test", Architecture = "x64", Accelerators = [], DotNet = "10" };
        public CorePlan Cores { get; set; } = new([1], [0]);
        public FakeHost Host { get; } = new();
        public Workload Workload { get; set; }
        public Stack Stack { get; set; }
        public Track Track { get; set; }
        public bool IsTwin { get; set; }
        public int Trial { get; set; } = 1;
        public ModelArtifact Model { get; set; }
        public ModelCard Card { get; set; }
        public SeedRecord Seeds { get; set; } = new(1, 2, 3, 4);
        public TextPayload Text
        {
            get => (TextPayload)Workload.Payload;
            set => Workload = Workload with { Payload = value };
        }

        public Objectives Objectives
        {
            get => Workload.Objectives;
            set => Workload = Workload with { Objectives = value };
        }

        public ParityLimits Parity
        {
            get => Card.Parity;
            set => Card = Card with { Parity = value };
        }

        public LoadShape Closed { get; set; } = new ClosedLoop(4);
        public LoadShape Open { get; set; } = new OpenLoop(ArrivalProcesses.Poisson, 4);
        public Profile Profile { get; set; }
        public string Driver { get; set; } = "native";
        public int? BatchSize { get; set; }
        public string NullServer { get; set; } = "null";
        public int RequestBytes { get; set; } = 1;

        public RunRequest Request { get; set; } = new()
        {
            Group = "embeddings", Models = null, Stacks = null, Tracks = null, Workloads = null, Scenarios = null, Host = FakeHost.HostName,
            Profile = "quick", Trials = null, Weights = "seeded", Seed = null, Force = false, Offline = false, RunsFolder = "/runs", Command = "./build.sh",
        };

        /// <summary>A plan with a step of each kind.</summary>
        public RunPlan Plan(IReadOnlyList<PlannedBlock>? blocks = null)
        {
            var contender = new Contender(Stack, Track);
            var (scenario, protocol) = (Workload.Scenarios[0], _catalogue.Protocols.Single());
            var one = new Case
            {
                Workload = Workload, Scenario = scenario, Shape = Closed, Protocol = protocol, Contender = contender, Model = Model,
                Host = FakeHost.HostName, Trial = 1, Fingerprint = "of a case",
            };
            return new RunPlan
            {
                Group = "embeddings", Profile = Profile, Trials = Profile.Trials, Contenders = [contender], Models = [Model], Workloads = [Workload],
                Host = FakeHost.HostName, Fingerprint = "",
                Blocks = blocks ??
                [
                    new PlannedBlock(1,
                    [
                        new PlannedDeployment(contender, Model, FakeHost.HostName, 1, "of a deployment", [one]),
                        new PlannedCeilings(1, [new PlannedCeiling(Workload, Model, 4, "of a ceiling")]),
                    ]),
                ],
            };
        }
        public string Response { get; set; } = "1 x 384";

        public Dictionary<string, string> Hash()
        {
            var catalogue = _catalogue with { Models = [Card] };
            var prints = new Fingerprints(catalogue, Host, Machine, Cores, Programs);
            var contender = new Contender(Stack, Track);
            if (IsTwin) contender = contender.Twin();
            var deployment = prints.Deployment(contender, Model, Trial);
            var protocol = catalogue.Protocols.Single();
            var (closed, open) = (_catalogue.Workloads.Single().Scenarios.OfType<ClosedScenario>().Single(), _catalogue.Workloads.Single().Scenarios.OfType<OpenScenario>().Single());
            return new Dictionary<string, string>
            {
                ["closed"] = prints.Case(deployment, Workload, protocol, closed, Closed, Profile, Seeds, Driver),
                ["open"] = prints.Case(deployment, Workload, protocol, open, Open, Profile, Seeds, Driver),
                ["ceiling"] = prints.Ceiling(Workload, Model, Profile, Seeds, Trial, BatchSize),
                ["plan"] = Fingerprints.Plan(Plan([]), Request, Seeds),
                ["calibration"] = prints.Calibration(Profile, Driver, NullServer, protocol, RequestBytes, Response),
            };
        }
    }
}
