using System.Net;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Stacks;
using ServeBench.Load.K6;
using ServeBench.Load.Tests.Native;
using ServeBench.Load.Tests.Servers;
using ServeBench.NullServer;

namespace ServeBench.Load.Tests.K6;

/// <summary>A real k6 against real sockets.</summary>
[Lane("k6")]
public sealed class K6DriverTests : DriverTest, IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("servebench-k6-").FullName;

    public void Dispose() => Directory.Delete(_work, recursive: true);

    [Fact]
    public async Task A_closed_loop_keeps_so_many_in_flight()
    {
        using var server = NullServerHost.Start(Answering(latency: "constant:20ms"));
        var job = Job(server.EndPoint, new ClosedLoop(4)) with { KeepAnswers = 3 };
        var result = await RunAsync(job);
        Assert.All(Rows(result), s => Assert.Equal((Outcome.Success, (ushort)200), (s.Outcome, s.Status)));
        Assert.InRange(result.Samples.Count, 20, 200); // 4 slots, 1 s, 20 ms each and what k6 adds: 200 at most
        Assert.All(Rows(result), s => Assert.InRange(s.Intended, 0, 1000 * Millisecond));
        Assert.All(Rows(result), s => Assert.True(s.Intended <= s.Sent && s.Sent <= s.First && s.First <= s.Last, $"{s}"));
        Assert.All(Rows(result), s => Assert.InRange(s.Service, 20 * Millisecond, long.MaxValue));
        Assert.Equal(1, result.WindowSeconds);
        Assert.True(result.WarmUp.FixedLength);
        Assert.Equal(10, result.WarmUp.Windows.Count); // 600 ms is too short for k6, which wants a second
        Assert.InRange(result.Answers.Count, 1, 3);
        Assert.All(result.Answers, a => Assert.StartsWith("{\"object\":\"list\"", System.Text.Encoding.UTF8.GetString(a.Body), StringComparison.Ordinal));
        Assert.Null(result.Disturbance);
        Assert.True(result.Client.CpuSeconds > 0);
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("poisson")]
    public async Task An_open_loop_sends_when_the_schedule_says(string arrivals)
    {
        using var server = NullServerHost.Start(Answering());
        var result = await RunAsync(Job(server.EndPoint, new OpenLoop(arrivals, 100)));
        var rows = Rows(result);
        Assert.All(rows, s => Assert.Equal(Outcome.Success, s.Outcome));
        if (arrivals == "constant")
        {
            Assert.InRange(rows.Length, 99, 101);
            var due = rows.Select(s => s.Intended).Order().ToArray();
            Assert.All(due.Zip(due.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 9_999_999, 10_000_001));
        }
        else
        {
            // The arrivals of the window are those of the native driver for the same seed.
            using var again = NullServerHost.Start(Answering());
            var native = Rows(await Driver("portable").RunAsync(Job(again.EndPoint, new OpenLoop(arrivals, 100)), Ct));
            Assert.Equal(native.Select(s => s.Intended).Order(), rows.Select(s => s.Intended).Order());
        }
        Assert.All(rows, s => Assert.InRange(s.Lag, 0, 1000 * Millisecond));
    }

    /// <summary>The schedule is k6's own, so that a sample of ours is due when k6 sends it; the null server's planted latency comes on top.</summary>
    [Fact]
    public async Task An_open_ramp_is_due_when_k6_has_it()
    {
        using var server = NullServerHost.Start(Answering(latency: "constant:20ms"));
        var ramp = new Ramp(10, [new(TimeSpan.FromSeconds(1), 60), new(TimeSpan.FromSeconds(0.5), 60), new(TimeSpan.FromSeconds(1), 4.5)]);
        var result = await RunAsync(Job(server.EndPoint, new OpenRamp(ramp)) with { Measure = ramp.Duration, KeepAnswers = 4 });
        var rows = Rows(result).OrderBy(s => s.Intended).ToArray();
        Assert.All(rows, s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.InRange(rows.Length, 96, 98); // 35, 30 and 32.25; the window begins between two arrivals
        var margin = TimeSpan.FromMilliseconds(100);
        var schedule = new ServeBench.Load.Schedules.RampArrivals(ramp.WithMargins(margin));
        var due = Enumerable.Range(0, 98).Select(i => schedule.At(i) - 100 * Millisecond).Where(t => t >= 0).Take(rows.Length);
        Assert.Equal(due, rows.Select(s => s.Intended));
        // k6's own timer and one busy core make it late by milliseconds; a formula that is off by a stage would be off by more.
        Assert.All(rows, s => Assert.InRange(s.Lag, 0, 500 * Millisecond));
        Assert.InRange(rows.Select(s => s.Lag).Order().ToArray()[rows.Length / 2], 0, 60 * Millisecond);
        Assert.All(rows, s => Assert.InRange(s.Service, 20 * Millisecond, long.MaxValue));
        Assert.InRange(result.Answers.Count, 1, 4);
    }

    [Fact]
    public async Task A_closed_ramp_follows_its_concurrency()
    {
        using var server = NullServerHost.Start(Answering(latency: "constant:20ms"));
        var ramp = new Ramp(1, [new(TimeSpan.FromSeconds(1), 6), new(TimeSpan.FromSeconds(0.6), 2), new(TimeSpan.FromSeconds(1), 5)]);
        var result = await RunAsync(Job(server.EndPoint, new ClosedRamp(ramp)) with { Measure = ramp.Duration, KeepAnswers = 3 });
        var rows = Rows(result);
        Assert.All(rows, s => Assert.Equal(Outcome.Success, s.Outcome));
        int InFlight(int at) => rows.Count(s => s.Intended <= at * Millisecond && s.Last > at * Millisecond);
        Assert.InRange(Enumerable.Range(0, 250).Max(i => InFlight(i * 10)), 5, 6);
        Assert.InRange(InFlight(100), 1, 1);
        Assert.InRange(InFlight(900), 4, 6);
        Assert.InRange(InFlight(1700), 1, 3);
        // A VU that had rested while fewer were in flight is not late by that time.
        Assert.All(rows, s => Assert.InRange(s.Lag, 0, 300 * Millisecond));
        Assert.InRange(result.Answers.Count, 1, 3);
    }

    [Fact]
    public async Task Every_request_carries_the_payload_that_its_sample_names()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var server = new ScriptedServer(e =>
        {
            seen.Add(e.Body);
            e.Answer(body: Embeddings(e.Body));
        });
        var job = Job(server.EndPoint, new ClosedLoop(2), payloads: 7) with { CheckAnswers = true };
        var result = await RunAsync(job);
        var sent = job.Payloads.Requests.Select(r => System.Text.Encoding.UTF8.GetString(r.Bytes, r.Bytes.Length - r.BodyBytes, r.BodyBytes)).ToHashSet();
        Assert.All(seen, body => Assert.Contains(body, sent));
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.Equal(7, Rows(result).Select(s => s.Payload).Distinct().Count());
        Assert.All(Rows(result), s => Assert.Equal(job.Payloads.Requests[s.Payload].Items, s.Items));
    }

    [Fact]
    public async Task Failures_are_told_apart()
    {
        using var server = new ScriptedServer(e =>
        {
            if (e.Number % 5 == 0) e.Answer(status: 500);
            else if (e.Number % 7 == 0) e.Answer(status: 404);
            else e.Answer(body: Embeddings(e.Body));
        });
        var outcomes = Rows(await RunAsync(Job(server.EndPoint, new ClosedLoop(2)))).Select(s => s.Outcome).ToHashSet();
        Assert.Equal([Outcome.Success, Outcome.ClientError, Outcome.ServerError], outcomes.Order());
    }

    /// <summary>The script says what the native driver would: rules on status, head and body, and statuses without a rule.</summary>
    [Fact]
    public async Task Rules_mean_what_they_mean_to_the_native_driver()
    {
        using var server = new ScriptedServer(e =>
        {
            var (status, header, body) = (e.Number % 6) switch
            {
                0 => ("503 Busy", "", "the queue is full"),
                1 => ("503 Busy", "X-Late: 1\r\n", "sorry"),
                2 => ("200 OK", "", "{\"error\":{\"code\":7}}"),
                3 => ("429 Too Many", "", ""),
                4 => ("503 Busy", "", "sorry"),
                _ => ("200 OK", "", Embeddings(e.Body)),
            };
            e.Raw($"HTTP/1.1 {status}\r\n{header}Content-Length: {body.Length}\r\n\r\n{body}");
        });
        OutcomeRule[] rules =
        [
            new([503], [], new BodyCondition(null, null, ["queue"], []), null, OutcomeMeaning.Rejected),
            new([503], [new HeaderCondition("x-late", IsPresent: true, null)], null, null, OutcomeMeaning.Timeout),
            new([200], [], new BodyCondition(JsonPath.TryParse("error.code", out _), "7", [], []), null, OutcomeMeaning.Failed),
        ];
        var rows = Rows(await RunAsync(Job(server.EndPoint, new ClosedLoop(2)) with { Rules = rules }));
        Assert.Equal(
            [Outcome.Success, Outcome.ServerError, Outcome.Rejected, Outcome.FailedInside, Outcome.ServerTimeout],
            rows.Select(s => s.Outcome).Distinct().Order());
    }

    [Fact]
    public async Task An_answer_that_is_not_what_the_protocol_describes_is_wrong()
    {
        using var server = new ScriptedServer(e => e.Answer(body: "{\"data\":[]}"));
        var rows = Rows(await RunAsync(Job(server.EndPoint, new ClosedLoop(2)) with { CheckAnswers = true }));
        // One answer in sixteen is read; of those every one is found out.
        Assert.Contains(rows, s => s.Outcome == Outcome.WrongAnswer);
    }

    [Fact]
    public async Task A_target_that_refuses_connections_is_said_to()
    {
        var result = await RunAsync(Job(new IPEndPoint(IPAddress.Loopback, 1), new ClosedLoop(2)));
        Assert.All(Rows(result), s => Assert.Equal((Outcome.Refused, 0), (s.Outcome, s.ResponseBytes)));
        Assert.StartsWith("the server answered nothing in the window", result.Disturbance, StringComparison.Ordinal);
        Assert.Contains("1212", result.Disturbance, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_not_answered_by_its_deadline_has_failed()
    {
        using var server = NullServerHost.Start(Answering(latency: "constant:600ms"));
        var rows = Rows(await RunAsync(Job(server.EndPoint, new ClosedLoop(2)) with { Deadline = TimeSpan.FromMilliseconds(200) }));
        Assert.NotEmpty(rows);
        Assert.All(rows, s => Assert.Equal(Outcome.Timeout, s.Outcome));
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("poisson")]
    public async Task Arrivals_that_find_no_free_VU_are_dropped(string arrivals)
    {
        using var server = NullServerHost.Start(Answering(latency: "constant:600ms"));
        var objectives = new Domain.Workloads.Objectives(TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(1), 0);
        var rows = Rows(await RunAsync(Job(server.EndPoint, new OpenLoop(arrivals, 200)) with { Objectives = objectives }));
        Assert.Contains(rows, s => s.Outcome == Outcome.Dropped);
        Assert.Contains(rows, s => s.Outcome == Outcome.Success);
        if (arrivals == "constant") Assert.InRange(rows.Length, 195, 205);
    }

    [Fact]
    public async Task A_listener_hears_the_window_and_what_it_throws_ends_the_run()
    {
        using var server = NullServerHost.Start(Answering());
        var heard = new List<string>();
        await RunAsync(Job(server.EndPoint, new ClosedLoop(1)) with { Window = new Listener(() => heard.Add("starting"), () => heard.Add("ended")) });
        Assert.Equal(["starting", "ended"], heard);
        var failing = Job(server.EndPoint, new ClosedLoop(1)) with { Window = new Listener(() => throw new InvalidTimeZoneException("planted")) };
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => RunAsync(failing));
    }

    [Fact]
    public async Task Progress_is_told_while_it_runs()
    {
        using var server = NullServerHost.Start(Answering());
        var told = new List<LoadProgress>();
        await RunAsync(Job(server.EndPoint, new ClosedLoop(2)) with { Progress = told.Add, Measure = TimeSpan.FromSeconds(2) });
        Assert.Contains(told, p => p.Phase == LoadPhase.Window && p.RequestsPerSecond > 10);
    }

    [Fact]
    public async Task Cancelling_ends_k6()
    {
        using var server = NullServerHost.Start(Answering());
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var job = Job(server.EndPoint, new ClosedLoop(1)) with { Measure = TimeSpan.FromMinutes(5), Window = new Listener(cancel.Cancel) };
        var driver = new K6Driver(await RealK6.FindAsync(), Repository.Templates, _work, TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => driver.RunAsync(job, cancel.Token));
    }

    private static NullServerOptions Answering(string latency = "none") => new()
    {
        Body = NullAnswers.Vectors(8),
        Latency = ServeBench.NullServer.Latency.LatencyDistribution.TryParse(latency, out var problem) ?? throw new ArgumentException(problem, nameof(latency)),
    };

    private static string Embeddings(string request)
    {
        using var json = System.Text.Json.JsonDocument.Parse(request);
        return $"{{\"data\":[{string.Join(',', Enumerable.Repeat("{\"embedding\":[1,2]}", json.RootElement.GetProperty("input").GetArrayLength()))}]}}";
    }

    private new static LoadJob Job(IPEndPoint target, LoadShape shape, int payloads = 10) => DriverTest.Job(target, shape, payloads) with
    {
        WarmUp = new WarmUpSettings(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), Concurrency: 2),
        Measure = TimeSpan.FromSeconds(1),
        CheckAnswers = false,
    };

    private async Task<LoadResult> RunAsync(LoadJob job) => await new K6Driver(await RealK6.FindAsync(), Repository.Templates, _work, TimeProvider.System).RunAsync(job, Ct);
}
