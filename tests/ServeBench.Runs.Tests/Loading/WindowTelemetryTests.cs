using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Hosts;
using ServeBench.Hosts.Telemetry;
using ServeBench.Runs.Loading;

namespace ServeBench.Runs.Tests.Loading;

/// <summary>Against a server that answers when the test says so.</summary>
public sealed class WindowTelemetryTests : IDisposable
{
    private static readonly CounterSource Source = new("/metrics", "items", "batches", null, Timings: new TimingSource("took", "read", "waited", null, null, "tokens", "padding"));

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly Deployment _deployment;
    private readonly WindowTelemetry _telemetry;

    public WindowTelemetryTests()
    {
        _server.Start();
        _deployment = new Deployment((IPEndPoint)_server.LocalEndpoint);
        _telemetry = new WindowTelemetry(_deployment, Source);
    }

    public void Dispose()
    {
        _telemetry.Dispose();
        _server.Dispose();
    }

    [Fact(Timeout = 20_000)]
    public async Task The_meter_runs_while_the_counters_are_still_being_asked_for()
    {
        var window = Task.Run(_telemetry.Starting, TestContext.Current.CancellationToken);
        using (await AcceptAsync(TestContext.Current.CancellationToken)) Assert.True(_deployment.IsMetering, "the window has begun, and what the server uses now is missed");
        await window;
    }

    [Fact(Timeout = 20_000)]
    public async Task A_server_that_tells_only_after_the_window_delays_nothing_and_its_counters_are_not_known()
    {
        _telemetry.Starting();
        using var asked = await AcceptAsync(TestContext.Current.CancellationToken);
        _telemetry.Ended();
        Assert.False(_deployment.IsMetering);
        Assert.Equal("test", _telemetry.Use!.Source);
        Assert.Null(_telemetry.Counted);
    }

    [Fact(Timeout = 20_000)]
    public async Task Counters_are_what_they_advanced_by()
    {
        _telemetry.Starting();
        await AnswerAsync("items 10\nbatches 4\n", TestContext.Current.CancellationToken);
        // The answer is read on another thread.
        Assert.True(SpinWait.SpinUntil(() => _telemetry.HasFirstReading, TimeSpan.FromSeconds(5)));
        var ended = Task.Run(_telemetry.Ended, TestContext.Current.CancellationToken);
        await AnswerAsync("items 31\nbatches 9\n", TestContext.Current.CancellationToken);
        await ended;
        Assert.Equal(new ServerCounters(21, 5) { TimingsAbsence = "the server reported its counters, but no took_count and took_sum" }, _telemetry.Counted);
    }

    [Fact(Timeout = 20_000)]
    public async Task Counters_that_go_back_are_those_of_another_process_and_are_not_subtracted()
    {
        _telemetry.Starting();
        await AnswerAsync("items 31\nbatches 9\n", TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => _telemetry.HasFirstReading, TimeSpan.FromSeconds(5)));
        var ended = Task.Run(_telemetry.Ended, TestContext.Current.CancellationToken);
        await AnswerAsync("items 40\nbatches 4\n", TestContext.Current.CancellationToken);
        await ended;
        Assert.Null(_telemetry.Counted);
        Assert.Equal("the server's counters went back in the window: it was started again, or each of its workers counts for itself", _telemetry.Absence);
    }

    [Fact(Timeout = 20_000)]
    public async Task Timers_are_what_their_sums_advanced_by_and_what_is_not_told_is_not_zero()
    {
        _telemetry.Starting();
        await AnswerAsync("items 10\nbatches 4\ntook_sum 2.5\ntook_count 10\nread_sum{a=\"b\"} 0.25\nread_sum{a=\"c\"} 0.25\ntokens 100\npadding 0\n", TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => _telemetry.HasFirstReading, TimeSpan.FromSeconds(5)));
        var ended = Task.Run(_telemetry.Ended, TestContext.Current.CancellationToken);
        await AnswerAsync("items 31\nbatches 9\ntook_sum 4.5\ntook_count 30\nread_sum{a=\"b\"} 1\nread_sum{a=\"c\"} 1\ntokens 500\npadding 50\n", TestContext.Current.CancellationToken);
        await ended;
        Assert.Equal(new ServerTimings(20, 2, 1.5, null, null, null, 400, 50), _telemetry.Counted!.Timings);
        Assert.Null(_telemetry.Counted.TimingsAbsence);
    }

    private async Task<TcpClient> AcceptAsync(CancellationToken cancelled) => await _server.AcceptTcpClientAsync(cancelled);

    private async Task AnswerAsync(string text, CancellationToken cancelled)
    {
        using var client = await AcceptAsync(cancelled);
        var stream = client.GetStream();
        Assert.NotEqual(0, await stream.ReadAsync(new byte[4096], cancelled));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\nConnection: close\r\n\r\n{text}"), cancelled);
    }

    private sealed class Deployment(IPEndPoint endpoint) : IDeployment, IUsageMeter
    {
        public bool IsMetering { get; private set; }

        public Endpoints Endpoints => Endpoints.Of(endpoint);

        public string Command => "test";

        public IReadOnlyList<int> Cpus => [];

        public TimeSpan StartLimit => TimeSpan.FromSeconds(1);

        public long LaunchedAt { get; } = Stopwatch.GetTimestamp();

        public IUsageMeter Meter => this;

        public ValueTask<string?> EndedBecauseAsync() => ValueTask.FromResult<string?>(null);

        public void Start() => IsMetering = true;

        public ServerUse Stop()
        {
            IsMetering = false;
            return new ServerUse { Cpus = [], Source = "test" };
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
