using ServeBench.Load.Wire;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Samples;
using ServeBench.Load.Calibration;
using ServeBench.Load.Encoding;
using ServeBench.Load.Native;
using ServeBench.Load.Tests.Encoding;
using ServeBench.Load.Tests.Native;
using ServeBench.Load.Tests.Servers;
using ServeBench.Load.Tests.Wire;
using ServeBench.NullServer;

namespace ServeBench.Load.Tests.Calibration;

[Lane("slow")]
public sealed class CalibratorTests : DriverTest
{
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Measures_ceiling_lateness_and_truth(string driver)
    {
        using var server = NullServerHost.Start(new NullServerOptions { ResponseBytes = 64 });
        var job = Job(server.EndPoint) with { Concurrency = [1, 8] };
        var record = await new Calibrator(Driver(driver), TimeProvider.System).MeasureAsync(job, Ct);
        Assert.Equal([1, 8], record.Points.Select(p => p.Concurrency));
        Assert.All(record.Points, p => Assert.InRange(p.RequestsPerSecond, 100, 10_000_000));
        Assert.All(record.Points, p => Assert.True(driver == "portable" ? p.CpuSecondsPerRequest is null : p.CpuSecondsPerRequest is > 0.1e-6 and < 1e-3));
        Assert.Equal(record.Points.Max(p => p.RequestsPerSecond), record.MaximumRequestsPerSecond);
        Assert.Equal((64, "f", "r", Driver(driver).Name), (record.ResponseBytes, record.Fingerprint, record.MeasuredByRun, record.Driver));
        Assert.InRange(record.Lateness!.P50Seconds, 1e-9, record.Lateness.P99Seconds);
        Assert.InRange(record.Lateness.P99Seconds, record.Lateness.P50Seconds, record.Lateness.MaximumSeconds);
        Assert.Equal([50, 90, 95], record.Truth!.Points.Select(p => p.Percentile));
        // The strict figures are for a quiet machine (docs/driver.md). Anywhere, nothing is told shorter than it was made.
        Assert.All(record.Truth.Points, p => Assert.InRange(p.ReportedSeconds, p.PlantedSeconds, p.PlantedSeconds + 1));
        Assert.InRange(record.Truth.Points[0].PlantedSeconds, 0.003, 0.008);
    }

    /// <summary>gRPC is calibrated as HTTP is: the null server answers in it, and takes the time that a call asks for.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Measures_them_over_gRPC(string driver)
    {
        using var server = NullServerHost.Start(new NullServerOptions { Wire = "grpc", ResponseBytes = 64 });
        var job = Job(server.EndPoint) with { Concurrency = [1, 8], Payloads = PayloadSet.Render(GrpcProtocols.OpenInference, server.EndPoint, [PayloadVariables.OfTexts("m", ["x"])]) };
        var record = await new Calibrator(Driver(driver), TimeProvider.System).MeasureAsync(job, Ct);
        Assert.All(record.Points, p => Assert.InRange(p.RequestsPerSecond, 100, 10_000_000));
        // The body stands in a field: five bytes for its number, one for its length.
        Assert.Equal(70, record.ResponseBytes);
        Assert.All(record.Truth!.Points, p => Assert.InRange(p.ReportedSeconds, p.PlantedSeconds, p.PlantedSeconds + 1));
        Assert.InRange(record.Truth.Points[0].PlantedSeconds, 0.003, 0.008);
    }

    /// <summary>Over a shared machine percentiles wander, but no single request may ever be reported shorter than its planted delay.</summary>
    [Theory]
    [InlineData("epoll", "http")]
    [InlineData("portable", "http")]
    [InlineData("epoll", "grpc")]
    [InlineData("portable", "grpc")]
    public async Task No_sample_is_shorter_than_the_latency_planted_in_it(string driver, string format)
    {
        using var server = NullServerHost.Start(new NullServerOptions { Wire = format });
        var wire = WireFormat.Of(format == "grpc" ? GrpcProtocols.OpenInference : Protocols.Embeddings);
        var delays = Enumerable.Range(1, 40).Select(i => i * 250_000L).ToArray();
        var requests = delays.Select(d => wire.Planted(server.EndPoint, d));
        var job = Native.DriverTest.Job(server.EndPoint, new ServeBench.Domain.Plans.OpenLoop("poisson", 500)) with
        {
            Payloads = new PayloadSet(wire, [.. requests]),
            Measure = TimeSpan.FromSeconds(1),
        };
        var result = await Driver(driver).RunAsync(job, Ct);
        var excess = Rows(result).Select(s =>
        {
            Assert.Equal(Outcome.Success, s.Outcome);
            return s.Service - delays[s.Payload];
        }).Order().ToArray();
        Assert.InRange(excess.Length, 400, 600);
        Assert.InRange(excess[0], 0, long.MaxValue);
        Assert.InRange(excess[excess.Length / 2], 0, 50 * Millisecond);
    }

    [Fact]
    public async Task A_null_server_that_fails_is_not_a_calibration()
    {
        using var server = new ScriptedServer(e => e.Answer(status: e.Number % 5 == 0 ? 500 : 200));
        var e = await Assert.ThrowsAsync<RunFailedException>(() => new Calibrator(NativeDriver.Portable, TimeProvider.System).MeasureAsync(Job(server.EndPoint), Ct));
        Assert.Matches(@"^the null server at \S+ failed [\d,]+ of [\d,]+ requests under 1 in flight$", e.Message);
    }

    [Fact]
    public async Task A_rate_at_which_the_driver_drops_arrivals_is_halved_until_it_holds()
    {
        using var server = NullServerHost.Start(new NullServerOptions { ResponseBytes = 64 });
        var record = await new Calibrator(new Dropping(above: 300), TimeProvider.System).MeasureAsync(Job(server.EndPoint) with { Concurrency = [1] }, Ct);
        Assert.Equal((250.0, 250.0), (record.Lateness!.RatePerSecond, record.Truth!.RatePerSecond));
        record = await new Calibrator(new Dropping(above: 1), TimeProvider.System).MeasureAsync(Job(server.EndPoint) with { Concurrency = [1] }, Ct);
        Assert.Null(record.Lateness);
        Assert.Null(record.Truth);
    }

    /// <summary>A driver that cannot make more than so many arrivals per second.</summary>
    private sealed class Dropping(double above) : ILoadDriver
    {
        public string Name => "dropping";

        public bool CanDrive(WireFormat wire) => true;

        public Task<LoadResult> RunAsync(LoadJob job, CancellationToken ct)
        {
            var samples = new SampleTable();
            var outcome = job.Shape is ServeBench.Domain.Plans.OpenLoop open && open.Rate > above ? Outcome.Dropped : Outcome.Success;
            for (var i = 0; i < 1000; i++) samples.Add(new Sample(i, i, i, i + 1, i == 7 ? outcome : Outcome.Success, 200, 1, 64, 0));
            return Task.FromResult(new LoadResult
            {
                Samples = samples,
                WindowSeconds = 0.25,
                WarmUp = new ServeBench.Domain.Trials.WarmUpRecord(true, 1, []),
                Client = new ServeBench.Domain.Trials.ClientUse { CpuSeconds = 1, Cpus = [] },
                Answers = [],
            });
        }
    }

    private static CalibrationJob Job(System.Net.IPEndPoint server) => new()
    {
        NullServer = server,
        Payloads = PayloadSet.Render(Protocols.Embeddings, server, [PayloadVariables.OfTexts("m", ["x"])]),
        Measure = TimeSpan.FromMilliseconds(250),
        Seed = 1,
        Fingerprint = "f",
        Run = "r",
    };
}
