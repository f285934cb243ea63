using System.Net;
using System.Text.Json;
using ServeBench.Domain.Plans;
using ServeBench.Load.Encoding;
using ServeBench.Load.K6;
using ServeBench.Load.K6.Scripts;
using ServeBench.Load.Patterns;
using ServeBench.Load.Schedules;
using ServeBench.Load.Tests.Encoding;

namespace ServeBench.Load.Tests.K6.Scripts;

public sealed class PayloadDrawsTests : IDisposable
{
    private static readonly IPEndPoint Target = new(IPAddress.Loopback, 8080);
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(250);

    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-k6-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<LoadShape> Shapes { get; } =
    [
        new ClosedLoop(4), new OpenLoop("constant", 40), new OpenLoop("poisson", 40), new ClosedRamp(new Ramp(1, [new(TimeSpan.FromSeconds(2), 4)])),
        new OpenRamp(new Ramp(20, [new(TimeSpan.FromSeconds(2), 60)])),
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Warm_up_and_window_share_no_payload(LoadShape shape)
    {
        var (job, draws) = Draws(shape);
        Assert.All(draws.WarmUp, p => Assert.InRange(p, 0, 99));
        var window = draws.Measure.Where(p => p >= 100).ToArray();
        Assert.All(window, p => Assert.InRange(p, 200, 399));
        // None twice: the stretch is long enough.
        Assert.Equal(window.Length, window.Distinct().Count());
        Assert.Empty(draws.WarmUp.Intersect(window));
        if (shape.IsOpen) Assert.InRange(window.Length, (int)(job.Measure.TotalSeconds * 39), (int)(job.Measure.TotalSeconds * 41));
    }

    [Fact]
    public void The_window_of_a_schedule_draws_what_the_native_driver_draws_in_its_order()
    {
        foreach (var arrivals in (string[])["constant", "poisson"])
        {
            var (job, draws) = Draws(new OpenLoop(arrivals, 40));
            var native = new PayloadOrder(job.Slices!.Window, job.OrderSeed);
            Assert.Equal(Enumerable.Range(0, 80).Select(_ => native.Next()), draws.Measure.Where(p => p >= 100));
        }
    }

    [Fact]
    public void Poisson_arrivals_of_a_window_are_the_native_drivers_and_exactly_as_many_as_the_rate_asks()
    {
        var open = new OpenLoop("poisson", 40);
        var length = TimeSpan.FromSeconds(2);
        for (var seed = 1; seed <= 20; seed++)
        {
            var inside = LoadPattern.Of(open).ArrivalsOfScript(seed, Margin, length).Where(t => t is >= 250_000_000 and < 2_250_000_000).Select(t => t - 250_000_000).ToArray();
            var native = LoadPattern.Of(open).OfWindow(length, seed)!;
            Assert.Equal(Enumerable.Range(0, 80).Select(_ => native.Next()), inside);
        }
    }

    [Fact]
    public void A_script_reads_its_draws_from_the_file_beside_it()
    {
        var (job, draws) = Draws(new OpenLoop("poisson", 40));
        var files = new K6Case(job).Write(new ScriptWriter(Repository.Templates), _folder, "one.js", "shared.json");
        Assert.Equal(["shared.json", "one.draws.json", "one.arrivals.json"], files);
        var written = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(_folder, "one.draws.json")));
        Assert.Equal(draws.WarmUp, written.GetProperty("warmUp").EnumerateArray().Select(n => n.GetInt32()));
        Assert.Equal(draws.Measure.Count, written.GetProperty("measure").GetArrayLength());
        Assert.Contains("open('./one.draws.json')", File.ReadAllText(Path.Combine(_folder, "one.js")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_warm_gets_the_shortest_warm_up_that_k6_allows()
    {
        var (job, _) = Draws(new OpenLoop("poisson", 40));
        Assert.Equal(TimeSpan.FromSeconds(1.5), new K6Case(job).WarmUp);
        Assert.Equal(TimeSpan.FromSeconds(1), new K6Case(job with { IsWarm = true }).WarmUp);
    }

    private static (LoadJob Job, PayloadDraws Draws) Draws(LoadShape shape)
    {
        var job = new LoadJob
        {
            Target = Target,
            Payloads = PayloadSet.Render(Protocols.Embeddings, Target, Enumerable.Range(0, 400).Select(i => PayloadVariables.OfTexts("m", [$"{i}"]))),
            Slices = new PayloadSlices(new PayloadStretch(0, 100, 30), new PayloadStretch(200, 200, 50)),
            Shape = shape,
            WarmUp = new WarmUpSettings(Margin, TimeSpan.FromSeconds(5), 2),
            Measure = TimeSpan.FromSeconds(2),
            Deadline = TimeSpan.FromSeconds(1),
            ArrivalSeed = 7,
            OrderSeed = 9,
        };
        return (job, PayloadDraws.Of(job, Margin, LoadPattern.Of(shape).ArrivalsOfScript(job.ArrivalSeed, Margin, job.Measure)));
    }
}
