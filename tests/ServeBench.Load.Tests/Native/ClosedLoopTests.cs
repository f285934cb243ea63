using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Encoding;
using ServeBench.Load.Native;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.Native;

[Lane("slow")]
public sealed class ClosedLoopTests : DriverTest
{
    /// <summary>
    /// The server answers only when as many requests are with it as there should be, so with fewer in flight nothing would
    /// ever be answered; and it counts, so more would be seen.
    /// </summary>
    [Theory]
    [InlineData("epoll", 1)]
    [InlineData("epoll", 7)]
    [InlineData("epoll", 64)]
    [InlineData("portable", 7)]
    public async Task Keeps_exactly_so_many_requests_in_flight(string driver, int concurrency)
    {
        using var barrier = new Barrier(concurrency);
        using var over = new CancellationTokenSource();
        using var server = new ScriptedServer(exchange =>
        {
            try
            {
                barrier.SignalAndWait(over.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            exchange.Answer();
        });
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(concurrency)), Ct);
        await over.CancelAsync();
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.InRange(result.Samples.Count, concurrency, int.MaxValue);
        Assert.Equal(concurrency, server.MostInFlight);
        Assert.Equal(concurrency, server.Accepted);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Samples_are_the_requests_of_the_window_with_times_in_order(string driver)
    {
        using var server = new ScriptedServer(e => e.Answer("12345"));
        var job = Job(server.EndPoint, new ClosedLoop(3));
        var result = await Driver(driver).RunAsync(job, Ct);
        var rows = Rows(result);
        // It ends with the first request that ends after the time asked.
        Assert.InRange(result.WindowSeconds, 0.2, 5);
        var window = (long)Math.Round(result.WindowSeconds * 1e9);
        Assert.Contains(window, rows.Select(s => s.Last));
        Assert.DoesNotContain(rows, s => s.Last >= 200 * Millisecond && s.Last < window);
        Assert.InRange(rows.Length, 20, int.MaxValue);
        Assert.All(rows, s =>
        {
            Assert.InRange(s.Intended, 0, window - 1);
            Assert.InRange(s.Sent, s.Intended, s.First);
            Assert.InRange(s.Last, s.First, long.MaxValue);
            Assert.Equal((Outcome.Success, 200, 5), (s.Outcome, s.Status, s.ResponseBytes));
            Assert.Equal(job.Payloads.Requests[s.Payload].Items, s.Items);
        });
        // In the order in which they were read, which is that of their ends but for what was read at once: much, on a busy machine.
        Assert.InRange(rows.Zip(rows.Skip(1)).Count(p => p.First.Last > p.Second.Last), 0, rows.Length / 3);
        // A slot's next request is intended for the moment in which the end of the last one was read.
        long[] ends = [.. rows.Select(s => s.Last).Order()];
        Assert.InRange(rows.Count(s => !Follows(s.Intended)), 0, 6 + (rows.Length / 10));

        bool Follows(long intended)
        {
            var found = Array.BinarySearch(ends, intended);
            var before = found >= 0 ? found : ~found - 1;
            return before >= 0 && intended - ends[before] < 5 * Millisecond;
        }
    }

    /// <summary>
    /// A server that answers in batches of eight, 20 ms apart: by the clock, a window of 200 ms would hold nine, ten or eleven of
    /// them by chance; from the end of a request to the end of a request it is whole batches in the time that they took.
    /// </summary>
    [Fact]
    public void A_window_holds_whole_batches()
    {
        using var loop = new FakeSocketLoop { Stall = () => TimeSpan.FromMilliseconds(20) };
        var window = Run(loop, Job(Nowhere, new ClosedLoop(8)), 8).Phases.Window!;
        Assert.Equal((80, 200 * Millisecond), (window.Samples.Count, window.End - window.Start));
    }

    /// <summary>Lengths differ, so a window ends with a whole mix of them, unless that would take more than a tenth longer.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(100_000)]
    public async Task A_window_holds_whole_mixes(int mix)
    {
        using var server = new ScriptedServer(e => e.Answer());
        var job = Job(server.EndPoint, new ClosedLoop(1), payloads: 12);
        job = job with { Payloads = new PayloadSet(job.Payloads.Wire, job.Payloads.Requests, mix) };
        var result = await Driver("epoll").RunAsync(job, Ct);
        if (mix == 4) Assert.Equal(0, result.Samples.Count % 4);
        Assert.InRange(result.WindowSeconds, mix == 4 ? 0.2 : 0.22, 5);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Payloads_go_round_in_the_seeded_order_from_the_start_of_the_window(string driver)
    {
        using var server = new ScriptedServer(e => e.Answer());
        var job = Job(server.EndPoint, new ClosedLoop(1));
        var result = await Driver(driver).RunAsync(job, Ct);
        var order = new PayloadFeed(job);
        Assert.Equal(Enumerable.Range(0, result.Samples.Count).Select(_ => order.Next(LoadPhase.Window)), Rows(result).OrderBy(s => s.Intended).Select(s => s.Payload));
    }

    /// <summary>The window's payloads are no others', however long the warm-up took; both go on where earlier cases have stopped.</summary>
    [Theory]
    [InlineData("epoll", true)]
    [InlineData("epoll", false)]
    [InlineData("portable", true)]
    public async Task Warm_up_and_window_draw_from_payloads_of_their_own(string driver, bool isOpen)
    {
        var bodies = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var server = new ScriptedServer(e =>
        {
            bodies.Enqueue(e.Body);
            Thread.Sleep(2);
            e.Answer();
        });
        var slices = new PayloadSlices(new PayloadStretch(0, 3000, At: 5), new PayloadStretch(3000, 3000, At: 7));
        var job = Job(server.EndPoint, isOpen ? new OpenLoop("poisson", 200) : new ClosedLoop(2), payloads: 6000) with { Slices = slices };
        var result = await Driver(driver).RunAsync(job, Ct);
        var rows = Rows(result);
        Assert.All(rows, s => Assert.InRange(s.Payload, 3000, 5999));
        Assert.Equal(rows.Length, rows.Select(s => s.Payload).Distinct().Count());
        // Nothing at all was sent twice, and all that was no sample came from the warm-up's.
        Assert.Equal(bodies.Count, bodies.Distinct().Count());
        Assert.InRange(bodies.Count - rows.Length - result.WarmUpRequests!.Value, -3, 3);
        var order = rows.OrderBy(s => s.Intended).Select(s => s.Payload).ToArray();
        if (isOpen) Assert.NotEqual(order.Order(), order);
        else Assert.Equal(Enumerable.Range(3007, rows.Length), order);
    }

    /// <summary>A window ends on time and on count: with too few requests it goes on, but not for ever.</summary>
    [Theory]
    [InlineData(10, 20)]
    [InlineData(60, 60)]
    [InlineData(100_000, 90)]
    public void A_window_goes_on_until_it_holds_enough_requests(int least, int held)
    {
        using var loop = new FakeSocketLoop { Latency = (_, _) => TimeSpan.FromMilliseconds(10) };
        var job = Job(Nowhere, new ClosedLoop(1)) with { LeastRequests = least, LongestMeasure = TimeSpan.FromMilliseconds(900) };
        var window = Run(loop, job).Phases.Window!;
        Assert.Equal((held, held * 10 * Millisecond), (window.Samples.Count, window.End - window.Start));
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Answers_are_kept_from_all_over_the_window(string driver)
    {
        using var server = new ScriptedServer(e => e.Raw($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{e.Body.Length:x}\r\n{e.Body}\r\n0\r\n\r\n"));
        var job = Job(server.EndPoint, new ClosedLoop(2)) with { KeepAnswers = 8 };
        var result = await Driver(driver).RunAsync(job, Ct);
        Assert.InRange(result.Answers.Count, 1, 8);
        Assert.All(result.Answers, a =>
        {
            Assert.Equal(200, a.Status);
            // The server answers with the request's own body.
            Assert.EndsWith(Latin1.Text(a.Body), Latin1.Text(job.Payloads.Requests[a.Payload].Bytes), StringComparison.Ordinal);
            Assert.Equal(job.Payloads.Requests[a.Payload].BodyBytes, a.Body.Length);
        });
    }
}
