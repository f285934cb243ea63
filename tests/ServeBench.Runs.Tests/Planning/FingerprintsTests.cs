using ServeBench.Domain.Models;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Tests.Fakes;
using ServeBench.Work.Texts;

namespace ServeBench.Runs.Tests.Planning;

/// <summary>
/// What decides a result changes its fingerprint, and nothing else does: a missing input would pass stale numbers off as new
/// ones without a word.
/// </summary>
public sealed partial class FingerprintsTests : IDisposable
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
    [InlineData("payload seed", "case ceiling plan")]
    [InlineData("arrival seed", "open plan")]
    [InlineData("corpus", "case ceiling")]
    [InlineData("lengths", "case ceiling")]
    [InlineData("items", "case ceiling")]
    [InlineData("distinct", "case ceiling")]
    [InlineData("protocol", "case calibration")]
    [InlineData("deadline", "case")]
    [InlineData("latency objective", "case")]
    [InlineData("error rate", "case")]
    [InlineData("level", "case")]
    [InlineData("warm-up window", "case plan")]
    [InlineData("warm-up limit", "case plan")]
    [InlineData("measure", "case plan")]
    [InlineData("least requests", "case plan")]
    [InlineData("longest measure", "case plan")]
    [InlineData("driver", "case calibration")]
    [InlineData("ceiling duration", "ceiling plan")]
    [InlineData("batch size", "ceiling")]
    [InlineData("calibrate duration", "calibration plan")]
    [InlineData("null server", "calibration")]
    [InlineData("request bytes", "calibration")]
    [InlineData("response", "calibration")]
    // What must not cost a measurement, though the run is another:
    [InlineData("block seed", "plan")]
    [InlineData("number of trials", "plan")]
    [InlineData("cold starts", "plan")]
    [InlineData("budget", "plan")]
    // What is the same run:
    [InlineData("forced", "")]
    [InlineData("stacks named", "")]
    [InlineData("readme of the stack", "")]
    [InlineData("title of the workload", "")]
    [InlineData("reason of the weights", "")]
    [InlineData("folder of the model", "")]
    [Lane("slow")]
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

    [Theory]
    [InlineData("one.jpg", "another photograph")]
    [InlineData("deep/two.jpg", "another photograph")]
    [InlineData("three.jpg", "one more")]
    public void Every_file_of_a_folder_that_a_payload_names_is_part_of_the_fingerprint(string changed, string content)
    {
        _repository.Write("k6/data/photographs/one.jpg", "a photograph");
        _repository.Write("k6/data/photographs/deep/two.jpg", "a photograph");
        var before = OfPhotographs();
        Assert.Equal(before, OfPhotographs());
        _repository.Write($"k6/data/photographs/{changed}", content);
        var after = OfPhotographs();
        Assert.Equal(["ceiling", "closed", "open"], before.Keys.Where(k => before[k] != after[k]).Order());

        Dictionary<string, string> OfPhotographs()
        {
            var world = new World(_repository);
            world.Workload = world.Workload with { Payload = new Photographs() };
            return world.Hash();
        }
    }

    /// <summary>
    /// A property that is added to one of these records is part of the fingerprints at once, or bears an attribute that says why not;
    /// nobody has to think of it.
    /// </summary>
    [Theory]
    [InlineData(nameof(World.Workload))]
    [InlineData(nameof(World.Stack))]
    [InlineData(nameof(World.Track))]
    [InlineData(nameof(World.Profile))]
    [InlineData(nameof(World.Machine))]
    [InlineData(nameof(World.Cores))]
    [InlineData(nameof(World.Parity))]
    [InlineData(nameof(World.Closed))]
    [InlineData(nameof(World.Open))]
    [InlineData(nameof(World.Seeds))]
    [InlineData(nameof(World.Request))]
    [Lane("slow")]
    public void Every_field_of_a_record_that_decides_changes_the_fingerprint(string record)
    {
        // A changed corpus name must lead to a file, with the same content.
        _repository.Write("k6/data/words.txtx", File.ReadAllText(Path.Combine(_repository.Root, "k6/data/words.txt")));
        var property = typeof(World).GetProperty(record)!;
        foreach (var sample in Samples(record, property.GetValue(new World(_repository))!))
        {
            Assert.NotEmpty(Variations.Of(sample));
            var unchanged = With(property, sample).Hash();
            var seen = new HashSet<string>(unchanged.Values);
            foreach (var (place, changed, counts) in Variations.Of(sample))
            {
                // What the folders hold is counted, by content; they have to be there.
                if (!counts && (place.EndsWith(".Folder", StringComparison.Ordinal) || place.EndsWith(".File", StringComparison.Ordinal))) continue;
                var after = With(property, changed).Hash();
                var differ = after.Keys.Where(k => unchanged[k] != after[k]).ToArray();
                if (counts) Assert.True(differ.Length > 0, $"{place} decides, but no fingerprint changes with it");
                else Assert.True(differ.Length == 0, $"{place} decides nothing, but {string.Join(", ", differ)} change with it");
                Assert.All(differ, k => Assert.True(seen.Add(after[k]), $"{place}: another change had the same fingerprint"));
            }
        }
    }

    /// <summary>A property that is added to a plan or to its steps makes other runs of them at once, as above.</summary>
    [Fact]
    public void Every_field_of_a_plan_that_decides_makes_it_another_run()
    {
        var world = new World(_repository);
        string Of(RunPlan plan) => Fingerprints.Plan(plan, world.Request, world.Seeds);
        var seen = new HashSet<string> { Of(world.Plan()) };
        var places = new List<string>();
        foreach (var (place, changed, _) in Variations.OfCounted(world.Plan()))
        {
            Assert.True(seen.Add(Of(changed)), $"{place} decides, but the run is taken for that of another plan");
            places.Add(place);
        }
        foreach (var name in new[] { "IsDriverCheck", "BatchSize", "ColdStarts", "Cases shorter", "Steps shorter", "Label" })
            Assert.Contains(places, p => p.EndsWith(name, StringComparison.Ordinal));
        // What the fingerprints of its steps hold already, and what is for people.
        Assert.Equal(Of(world.Plan()), Of(world.Plan() with { Models = [], Contenders = [], Workloads = [], Fingerprint = "another" }));
    }

    private World With(System.Reflection.PropertyInfo property, object value)
    {
        var world = new World(_repository);
        property.SetValue(world, value);
        return world;
    }

    /// <summary>Records in which nothing is absent and no list is empty, so that all of it can be changed; one of every kind.</summary>
    private static object[] Samples(string record, object usual)
    {
        var (map, list) = (new Dictionary<string, string> { ["A"] = "1" }, new[] { "one", "two" });
        return usual switch
        {
            Workload workload => [workload with { Models = list, Objectives = workload.Objectives with { LatencyP95 = TimeSpan.FromSeconds(1) } }],
            Stack stack =>
            [
                stack with
                {
                    OtherPrecisions = list,
                    Tracks = [.. stack.Tracks.Select(t => t with { Environment = map, Arguments = list, Group = "g" })],
                    Counters = new CounterSource("/metrics", "a", "b", "c", "d", new TimingSource("r", "i", "q", "n", "o", "t", "p"))
                    {
                        Measurements = [new StackMeasurement("wait", "Wait", "s", "advance", "lower", PrometheusExpression.TryParse("a{l=\"v\"} / b{l=\"v\"}", out _), JsonPath.TryParse("a", out _))],
                    },
                    Lifecycle = FullLifecycle.Of(map, list),
                    OutcomeRules = FullLifecycle.Rules,
                    ModelRepository = [new RepositoryFile("p", "m", "d", "t", "c", "h")],
                    Evidence = new StackEvidence("run", "2026-12-01", "1"),
                    Features = list,
                    Hosts = new Dictionary<string, object> { [FakeHost.HostName] = new Complexity(1, "any record") },
                },
            ],
            Track track => [track with { Environment = map, Arguments = list, Group = "g" }],
            RunRequest request => [request with { Models = list, Stacks = list, Tracks = list, Workloads = list, Scenarios = list }],
            MachineRecord machine => [machine with { Accelerators = list }],
            LoadShape { IsOpen: true } =>
            [
                new OpenLoop(ArrivalProcesses.Poisson, 4), new ShareOfCeiling(ArrivalProcesses.Poisson, 0.5), new RateSearch(ArrivalProcesses.Poisson, new SearchSpec(4, TimeSpan.FromSeconds(1), 100, 0.05)),
                new StepsOfMaxRate(new OverloadSpec([0.5, 1.2], TimeSpan.FromSeconds(1))), new OpenRamp(new Ramp(1, [new RampStage(TimeSpan.FromSeconds(1), 2)])),
            ],
            LoadShape => [new ClosedLoop(4), new ClosedRamp(new Ramp(1, [new RampStage(TimeSpan.FromSeconds(1), 2), new RampStage(TimeSpan.FromSeconds(2), 1)]))],
            _ => [usual],
        };
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
            case "level": (w.Closed, w.Open) = (new ClosedLoop(3), new OpenLoop(ArrivalProcesses.Poisson, 3)); break;
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
            case "title of the workload": w.Workload = w.Workload with { Title = "Another title" }; break;
            case "block seed": w.Seeds = w.Seeds with { Blocks = 99 }; break;
            case "number of trials": w.Profile = w.Profile with { Trials = 9 }; break;
            case "cold starts": w.Profile = w.Profile with { ColdStarts = 9 }; break;
            case "budget": w.Request = w.Request with { Budget = TimeSpan.FromMinutes(9) }; break;
            case "forced": w.Request = w.Request with { Force = true, Command = "another" }; break;
            case "stacks named": w.Request = w.Request with { Stacks = ["alpha"] }; break;
            case "reason of the weights": w.Model = w.Model with { WeightsReason = "another", WeightsDetail = "another" }; break;
            case "folder of the model":
                var elsewhere = Directory.CreateDirectory(Path.Combine(_repository.Root, "elsewhere")).FullName;
                File.Copy(Path.Combine(w.Model.Folder, "model.json"), Path.Combine(elsewhere, "model.json"));
                w.Model = w.Model with { Folder = elsewhere };
                break;
            default: throw new ArgumentException(what, nameof(what));
        }
    }

    private sealed record Photographs() : PayloadSpec("photographs")
    {
        public override int ItemsPerRequest { get; init; } = 1;

        public override IReadOnlyList<string> FilesOrFolders => ["photographs"];
    }
}
