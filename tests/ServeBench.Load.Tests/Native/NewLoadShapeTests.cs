using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;
using ServeBench.Load.K6.Scripts;
using ServeBench.Load.Patterns;
using ServeBench.Load.Schedules;
using ServeBench.Load.Tests.K6;
using ServeBench.Load.Tests.K6.Scripts;
using ServeBench.Load.Tests.Servers;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Native;

/// <summary>
/// A load shape is three classes: the scenario that reads it, the shape with its words, and the pattern that makes it. Here requests come
/// in bursts, every 50 ms.
/// </summary>
public sealed class NewLoadShapeTests : DriverTest, IDisposable
{
    private const long Every = 50 * Millisecond;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("servebench-bursts-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void It_is_read_from_a_workloads_file()
    {
        var scenario = Read("bursts: { quick: [4, 8] }");
        Assert.Equal(["burst-4", "burst-8"], scenario.Shapes("quick", _ => 0).Select(s => s.Id));
        var fault = Assert.Single(Assert.Throws<FaultException>(() => Read("bursts: { quick: [0] }")).Faults);
        Assert.Contains("bursts", fault.Key, StringComparison.Ordinal);
        // Where the file has the key of no kind, it is the usual kind's that is missed.
        Assert.Contains(Assert.Throws<FaultException>(() => Read("arrivals: poisson")).Faults, f => f.ToString().Contains("rates", StringComparison.Ordinal));
    }

    [Fact]
    public void The_programs_own_kinds_are_found_without_a_list() =>
        Assert.Equal(["concurrency", "ramp", "ramp", "rates", "search", "steps-of-max-rate"], ScenarioKinds.All.Select(k => k.Key).Order(StringComparer.Ordinal));

    [Lane("slow")]
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Our_driver_makes_it(string driver)
    {
        using var server = new ScriptedServer(e => e.Answer());
        var shape = Read("bursts: { quick: [4] }").Shapes("quick", _ => 0).Single();
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, shape), Ct);
        var rows = Rows(result).OrderBy(s => s.Intended).ToArray();
        Assert.Equal(Enumerable.Range(0, 16).Select(i => i / 4 * Every), rows.Select(s => s.Intended));
        Assert.All(rows, s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.Equal(16, shape.Due(0.2));
    }

    [Fact]
    public void Records_scripts_and_people_are_told_of_it()
    {
        var shape = Read("bursts: { quick: [4] }").Shapes("quick", _ => 0).Single();
        Assert.Equal("4 requests at once, every 50 ms", shape.Title);
        var record = shape.In(new LoadRecord
        {
            Loop = "",
            ItemsPerRequest = 1,
            DistinctPayloads = 1,
            MeanRequestBytes = 1,
            PayloadSeed = 1,
            ArrivalSeed = 1,
            DeadlineSeconds = 1,
            ObjectiveErrorRate = 0,
            Driver = "",
        });
        Assert.Equal(("open", "bursts", 80.0), (record.Loop, record.Arrivals, record.RatePerSecond));
        // What measures ask of a record: how much was due.
        Assert.Equal(16, record.Shape.Due(0.2));
        var script = new ScriptWriter(Repository.Templates).Write(ScriptCases.Of(shape));
        Assert.Contains("4 requests at once, every 50 ms", script, StringComparison.Ordinal);
        Assert.Contains("arrivals.json", script, StringComparison.Ordinal);
        Assert.Equal([0, 0, Every, Every], LoadPattern.Of(new Burst(2)).ArrivalsOfScript(1, TimeSpan.Zero, TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public void A_shape_that_nothing_makes_is_refused_in_its_own_words_with_what_there_is()
    {
        var refused = Assert.Throws<ArgumentException>(() => LoadPattern.Of(new Toys())).Message;
        Assert.Contains("a load of 9 toys cannot be made", refused, StringComparison.Ordinal);
        Assert.Contains("ConstantPattern, OpenRampPattern, PoissonPattern", refused, StringComparison.Ordinal);
    }

    private Scenario Read(string levels)
    {
        void Write(string file, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root.FullName, file))!);
            File.WriteAllText(Path.Combine(_root.FullName, file), text);
        }
        Write("k6/profiles/quick.yaml", """
            name: quick
            summary: for tests
            trials: 1
            warm-up: { window: 10ms, limit: 100ms }
            measure: 50ms
            ceiling: 10ms
            calibrate: 10ms
            """);
        Write("k6/protocols/p.yaml", """
            name: p
            title: P
            specification: https://example.org
            payload: text
            transport: http
            request: { method: POST, path: /, body: { json: { input: "${texts}" } } }
            response: { json: { items: "data[*]" } }
            """);
        Write("k6/workloads/texts/w.yaml", $$"""
            name: w
            title: W
            protocols: [p]
            payload: { kind: text }
            objectives: { deadline: 5s, error-rate: 0.01 }
            scenarios:
              burst: { title: Bursts, loop: open, {{levels}} }
            """);
        var vocabulary = new CatalogueVocabulary([], [], [new AnyTexts()]) { WireFormats = WireFormats.All, Scenarios = [.. ScenarioKinds.All, new BurstScenario.Kind()] };
        return CatalogueReader.Read(new CatalogueFolders(_root.FullName), vocabulary).Workloads.Single().Scenarios.Single();
    }

    private sealed class AnyTexts : IPayloadKind
    {
        private readonly TextsOnly _texts = new();

        public string Name => _texts.Name;

        public IReadOnlyList<string> Variables => _texts.Variables;

        public IReadOnlyList<Domain.Protocols.AnswerValue> AnswerValues => _texts.AnswerValues;

        public IReadOnlyList<LimitKey> Limits => [];

        public PayloadSpec Read(YamlMapping section)
        {
            section.Done();
            return new AnySpec();
        }
    }

    private sealed record AnySpec() : PayloadSpec("text")
    {
        public override int ItemsPerRequest { get; init; } = 1;
    }

    private sealed record Toys : LoadShape
    {
        public override string Id => "toys";

        public override string Title => "9 toys";

        public override Loop Loop => Loop.Open;
    }

    /// <summary>So many requests at once, every 50 ms: <c>bursts: { quick: [4, 8] }</c>.</summary>
    private sealed record BurstScenario(IReadOnlyDictionary<string, IReadOnlyList<int>> Bursts) : Scenario
    {
        public override string Question => Questions.Latency;

        public override IReadOnlyCollection<string> Profiles => [.. Bursts.Keys];

        public override IEnumerable<LoadShape> Shapes(string profile, Func<double, double> ofCeiling) => Bursts[profile].Select(n => new Burst(n));

        internal sealed class Kind : IScenarioKind
        {
            public Loop Loop => Loop.Open;

            public string Key => "bursts";

            public Scenario Read(ScenarioSection of) =>
                new BurstScenario(of.Levels(Key, (levels, profile) => levels.Integers(profile, 1, 1000))) { Name = of.Name, Title = of.Title };
        }
    }

    private sealed record Burst(int Requests) : LoadShape
    {
        public override string Id => $"burst-{Requests}";

        public override string Title => $"{Requests} requests at once, every 50 ms";

        public override Loop Loop => Loop.Open;

        public override double Size => Rate;

        public double Rate => Requests * 1e9 / Every;

        public override double? Due(double seconds) => Rate * seconds;

        public override LoadRecord In(LoadRecord record) => base.In(record) with { Arrivals = "bursts", RatePerSecond = Rate };
    }

    private sealed class BurstArrivals(int requests) : ArrivalSchedule
    {
        private long _count;

        public override long Next() => _count++ / requests * Every;
    }

    private sealed class BurstPattern(Burst shape) : OpenPattern(shape)
    {
        public override bool Fits(TimeSpan window) => shape.Requests > 0;

        public override ArrivalSchedule OfWindow(TimeSpan length, long seed) => new BurstArrivals(shape.Requests);

        public override ArrivalSchedule RunIn(long seed) => new BurstArrivals(shape.Requests);

        public override double ExpectedSamples(LoadJob job, double warmUpRate) => shape.Rate * job.Measure.TotalSeconds;

        public override int Users(TimeSpan deadline, TimeSpan? latencyP95) => Script.UsersOf(shape.Rate, deadline, latencyP95);

        public override void Describe(Dictionary<string, object> values)
        {
            base.Describe(values);
            values["scheduledArrivals"] = true;
            Script.AddRate(values, shape.Rate);
        }

        public override long[] ArrivalsOfScript(long seed, TimeSpan margin, TimeSpan window)
        {
            var schedule = OfWindow(window, seed);
            return [.. Enumerable.Repeat(schedule, int.MaxValue).Select(s => s.Next()).TakeWhile(t => t < window.Ticks * 100)];
        }

        internal sealed class Maker : IPatternMaker
        {
            public LoadPattern? Of(LoadShape shape) => shape is Burst own ? new BurstPattern(own) : null;
        }
    }
}
