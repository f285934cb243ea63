using System.Net;
using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Load;
using ServeBench.Measurement.Evaluation;
using ServeBench.Runs.Loading;
using ServeBench.Runs.Payloads;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Tests.Fakes;
using ServeBench.Work;

namespace ServeBench.Runs.Tests.Kinds;

/// <summary>A new kind of work is a class of its own and its YAML: nothing else in the program knows it.</summary>
[Collection("sessions")]
public sealed class NewWorkTests : IDisposable
{
    private static readonly KnownWork Work = new([.. KnownWork.OfProgram.All, new ToyWork()]);
    private static readonly ParityLimits Limits = new(new Dictionary<string, double> { ["largest-error"] = 0.5 });

    private readonly World _world = new() { Work = Work };
    private readonly ModelArtifact _model;

    public NewWorkTests()
    {
        Repository.Stack("alpha", groups: "embeddings, toys", protocols: "openai-embeddings, doubling");
        Repository.Write("k6/protocols/doubling.yaml", """
            name: doubling
            title: Doubling
            specification: https://example.org
            payload: number
            transport: http
            request: { method: POST, path: /double, body: { json: { of: "${number}", by: "${model}" } } }
            response: { json: { items: "answers[*]", double: "answers[*]" } }
            """);
        Repository.Write("k6/workloads/toys/doubles.yaml", Workload(largest: 100));
        var model = File.ReadAllText(Path.Combine(Repository.Root, "models", "tiny", "model.yaml"));
        Repository.Write("models/toy/model.yaml", model.Replace("name: tiny", "name: toy").Replace("[embeddings]", "[toys]")[..^1].Split("parity:")[0] + "parity: { largest-error: 0.5 }\n");
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "prepared")).FullName;
        File.WriteAllText(Path.Combine(folder, "model.json"), "{}");
        _model = new ModelArtifact { Model = "toy", Weights = "seeded", WeightsReason = "a test", Sha256 = "abc", Folder = folder, OnnxFile = "m.onnx", SafetensorsFile = "m.safetensors", Parameters = 1 };
    }

    private TinyRepository Repository => _world.Repository;

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Its_workload_is_read_and_described()
    {
        var workload = Toy();
        Assert.Equal(new NumberPayload(100, 12), workload.Payload);
        Assert.Equal("numbers up to 100", Work.Of(workload).Describe(workload.Payload));
        Assert.Equal("doubles", Work.Of(workload).Nouns.Items);
        Assert.Equal(0.5, Repository.Catalogue(Work).Model("toy").ParityOf("fp32")["largest-error"]);
    }

    [Fact]
    public void Its_requests_are_drawn_and_put_into_the_bytes_of_its_protocol()
    {
        var payloads = new DrawnWorkloads(Repository.Catalogue(Work), Work, Seeds(payload: 2)).Of(Toy(), _model);
        Assert.Equal(12, payloads.Requests.Count);
        var number = ((NumberRequest)payloads.Requests[0]).Number;
        var rendered = payloads.Render(Repository.Catalogue(Work).Protocol("doubling"), new IPEndPoint(IPAddress.Loopback, 1)).Requests[0];
        Assert.Contains($$"""{"of":{{number}},"by":"toy"}""", Encoding.UTF8.GetString(rendered.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void What_its_payload_says_is_part_of_the_fingerprint()
    {
        var before = Hash(2);
        Assert.Equal(before, Hash(2));
        Assert.NotEqual(before, Hash(3));
        Repository.Write("k6/workloads/toys/doubles.yaml", Workload(largest: 101));
        Assert.NotEqual(before, Hash(2));
    }

    [Theory]
    [InlineData(42f, true)]
    [InlineData(42.4f, true)]
    [InlineData(43f, false)]
    public void Its_answers_are_judged_by_its_own_measure(float second, bool passes)
    {
        var toy = new ToyWork();
        var references = toy.References(_model);
        var parity = ParityCheck.Compare(toy, Limits, [(references[0], Answer(2), ""), (references[1], Answer(second), "")]);
        Assert.Equal(passes, parity.Passed);
        Assert.Equal(new ParityMeasure("error", Math.Abs(second - 42.0), 0.5, false), Assert.Single(parity.Measures!));
        Assert.Null(parity.DifferenceLimit);
        if (!passes) Assert.Contains("error 1 (limit 0.5)", parity.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_answers_under_load_are_judged()
    {
        var payloads = new WorkloadPayloads("toy", [new NumberRequest(4), new NumberRequest(5)], 1);
        using var toy = new ToyWork().Expectations(_model);
        using var checker = new AnswerChecker(new ToyWork(), toy);
        KeptAnswer Kept(int payload, string body) => new(payload, 200, Encoding.UTF8.GetBytes(body));
        var checks = checker.Check([Kept(0, """{"answers":[[8]]}"""), Kept(1, """{"answers":[[8]]}""")], payloads, Repository.Catalogue(Work).Protocol("doubling"), Limits);
        Assert.Equal((2, 1), (checks.Checked, checks.Wrong));
        Assert.Contains("payload 1: item 0 is not what the raw runtime gives: error 2 (limit 0.5)", checks.FirstWrong!, StringComparison.Ordinal);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_run_of_it_needs_no_raw_runtime()
    {
        var outcome = await _world.Start(r => r with { Group = "toys" }).LoadAsync(TestContext.Current.CancellationToken);
        // 2 trials of alpha and of alpha again, at one level.
        Assert.Equal(new(4, 0, 0), outcome.Summary);
        Assert.Equal(("doubles", "numbers up to 100"), (outcome.Folder.ReadManifest().Items, outcome.Folder.ReadManifest().Workloads.Single().Payload));
        Assert.All(outcome.Folder.ReadDeployments(), d => Assert.Equal(new ParityMeasure("error", 0, 0.5, false), Assert.Single(d.Parity!.Measures!)));
        Assert.Empty(outcome.Folder.ReadCeilings());
        Assert.Empty(RunEvaluator.Evaluate(outcome.Folder, TestContext.Current.CancellationToken).Ceilings);
        Assert.True((await _world.Start(r => r with { Group = "toys" }).LoadAsync(TestContext.Current.CancellationToken)).Untouched);
    }

    [Fact]
    [Lane("slow")]
    public async Task Load_tools_are_compared_with_a_request_and_an_answer_of_it()
    {
        var exchange = await _world.Start(r => r with { Group = "toys" }).ToolExchangeAsync(TestContext.Current.CancellationToken);
        Assert.Equal("""{"of":1,"by":"toy"}""", Encoding.UTF8.GetString(exchange.Body));
        Assert.Equal(new ToyWork().NullAnswer(_model, 1), exchange.Answer);
    }

    [Fact]
    public void A_share_of_a_raw_runtime_that_there_is_not_is_refused()
    {
        Repository.Write("k6/workloads/toys/doubles.yaml", Workload(largest: 100) + """

              steady: { title: Steady, loop: open, arrivals: poisson, rates: { quick: [50% of ceiling] } }
            """);
        var fault = Assert.Single(Assert.Throws<FaultException>(() => _world.Start(r => r with { Group = "toys" })).Faults);
        Assert.Equal("scenarios.steady", fault.Key);
        Assert.Contains("doubles have no raw runtime here", fault.Problem, StringComparison.Ordinal);
    }

    private static ServedAnswer Answer(float value) => new(1, new Dictionary<string, IReadOnlyList<float[]>> { ["double"] = [[value]] });

    private static SeedRecord Seeds(long payload) => new(1, payload, 3, 4);

    private static string Workload(int largest) => $$"""
        name: doubles
        title: Doubles
        protocols: [doubling]
        payload: { kind: number, largest: {{largest}}, distinct: 12 }
        objectives: { deadline: 5s, error-rate: 0.01 }
        scenarios:
          sweep: { title: A sweep, loop: closed, concurrency: { quick: [1] } }
        """;

    private Workload Toy() => Repository.Catalogue(Work).Workloads.Single(w => w.Group == "toys");

    private string Hash(long seed)
    {
        var catalogue = Repository.Catalogue(Work);
        var machine = new MachineRecord { Cpu = "test", LogicalCores = 2, MemoryBytes = 1, OperatingSystem = "test", Kernel = "test", Architecture = "x64", Accelerators = [], DotNet = "10" };
        var workload = catalogue.Workloads.Single(w => w.Group == "toys");
        return new Fingerprints(catalogue, new FakeHost(), machine, new CorePlan([1], [0]), "ours")
            .Case("deployment", workload, catalogue.Protocol("doubling"), workload.Scenarios[0], new Domain.Plans.ClosedLoop(1), catalogue.Profile("quick"), Seeds(seed), "driver");
    }
}
