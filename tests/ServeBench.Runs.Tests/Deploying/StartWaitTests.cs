using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Hosts;
using ServeBench.Hosts.Telemetry;
using ServeBench.Processes.Servers;
using ServeBench.Runs.Deploying;
using ServeBench.Work;

namespace ServeBench.Runs.Tests.Deploying;

/// <summary>When a server is taken for ready, and when for one that will never be, by what real ones were seen to do.</summary>
[Lane("slow")]
public sealed class StartWaitTests : IDisposable
{
    private static readonly (ServedAnswer?, string) Right = (Answered(), "");
    private static readonly (ServedAnswer?, string) Wrong = (Answered(), "");
    private static readonly (ServedAnswer?, string) Refused = (null, "status 503");

    private readonly string _log = Path.Combine(Directory.CreateTempSubdirectory("servebench-test-").FullName, "server.log");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_log)!, recursive: true);

    [Theory]
    [InlineData("400 Bad Request", "")] // Triton, MLServer
    [InlineData("200 OK", "{\"status\":\"LOADING\"}")] // TensorFlow Serving
    [InlineData("503 Service Unavailable", "Route table is not populated yet.")] // Ray
    public async Task It_is_not_ready_before_the_probe_s_status_and_body_are_right(string status, string body)
    {
        var asked = 0;
        await using var server = new HealthServer(() => ++asked <= 3 ? (status, body) : ("200 OK", "{\"status\":\"AVAILABLE\"}"));
        var start = await Wait(server, Probe("AVAILABLE")).UntilReadyAsync((_, _) => Given(asked), Fault, Ct);
        Assert.Null(start.Failure);
        Assert.InRange(start.Health!.Value, 0, start.Seconds);

        Task<(ServedAnswer?, string)> Given(int probes)
        {
            Assert.True(probes > 3, "it was asked before it was ready");
            return Task.FromResult(Right);
        }
    }

    /// <summary>Ready too early, as many health endpoints are: only a correct answer ends the wait, and both times are told.</summary>
    [Fact]
    public async Task A_probe_that_holds_too_early_does_not_end_the_wait()
    {
        var asked = 0;
        await using var server = new HealthServer(() => ("200 OK", ""));
        var start = await Wait(server, Probe(null)).UntilReadyAsync(
            (_, _) => Task.FromResult(++asked < 20 ? Refused : Right), Fault, Ct);
        Assert.Equal(20, asked);
        Assert.True(start.Health < start.Seconds, $"{start.Health} s, {start.Seconds} s");
        Assert.Equal(start.Seconds, start.Answered);
    }

    /// <summary>As a server whose model is still being loaded.</summary>
    [Fact]
    public async Task A_wrong_answer_does_not_end_the_wait_and_its_time_is_kept()
    {
        var asked = 0;
        await using var server = new HealthServer(() => ("200 OK", ""));
        var start = await Wait(server, Probe(null)).UntilReadyAsync(
            (_, _) => Task.FromResult(++asked switch { < 3 => Refused, < 20 => Wrong, _ => Right }), Fault, Ct);
        Assert.Null(start.Failure);
        Assert.Equal(20, asked);
        Assert.True(start.Health < start.Answered && start.Answered < start.Seconds, $"{start.Health} s, {start.Answered} s, {start.Seconds} s");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_never_answers_rightly_is_told_with_how_far_off_it_was(bool refusesInTheEnd)
    {
        var asked = 0;
        await using var server = new HealthServer(() => ("200 OK", ""));
        var start = await Wait(server, Probe(null), TimeSpan.FromMilliseconds(500)).UntilReadyAsync(
            (_, _) => Task.FromResult(++asked == 1 || !refusesInTheEnd ? Wrong : Refused), Fault, Ct);
        Assert.True(start.HasAnswered);
        Assert.Matches(@"^no answer was right within 0\.5 s \(start-limit in its stack\.yaml\); the first came after 0\.\d s, the last: largest difference 0\.7$", start.Failure);
    }

    /// <summary>Accepts the connection and reads nothing, as BentoML and Azure's server do while they load.</summary>
    [Fact]
    public async Task A_probe_that_hangs_is_not_ready_yet()
    {
        var asked = 0;
        await using var server = new HealthServer(() => ++asked <= 2 ? null : ("200 OK", ""));
        var start = await Wait(server, Probe(null, TimeSpan.FromMilliseconds(50))).UntilReadyAsync((_, _) => Task.FromResult(Right), Fault, Ct);
        Assert.Null(start.Failure);
        Assert.InRange(start.Health!.Value, 0.1, 20);
    }

    [Fact]
    public async Task One_that_hangs_for_ever_is_told_with_what_was_asked_last()
    {
        await using var server = new HealthServer(() => null);
        var start = await Wait(server, Probe(null, TimeSpan.FromMilliseconds(50)), TimeSpan.FromMilliseconds(300)).UntilReadyAsync((_, _) => throw new InvalidOperationException("asked"), Fault, Ct);
        Assert.StartsWith("it was not ready within 0.3 s (start-limit in its stack.yaml); asked last, GET /health was not answered ", start.Failure, StringComparison.Ordinal);
    }

    /// <summary>A crash loop behind an open port looks the same for ever but for the log, also while a request hangs in it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fatal_line_of_the_log_ends_the_wait(bool hangsInProbe)
    {
        await File.WriteAllTextAsync(_log, "loading\nERROR: Application startup failed. Exiting.\nstarting again\n", Ct);
        await using var server = new HealthServer(() => hangsInProbe ? null : ("200 OK", ""));
        var watch = Stopwatch.StartNew();
        var start = await Wait(server, Probe(null, TimeSpan.FromMinutes(1)) with { Fatal = ["Application startup failed"] }, TimeSpan.FromMinutes(1)).UntilReadyAsync(
            async (_, stop) =>
            {
                await Task.Delay(Timeout.Infinite, stop);
                return Refused;
            },
            Fault,
            Ct);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.StartsWith("it did not start: its log says 'ERROR: Application startup failed. Exiting.', which is fatal by its stack.yaml (Application startup failed)", start.Failure, StringComparison.Ordinal);
        Assert.Contains("starting again", start.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_ends_while_it_owes_an_answer_is_told_as_that()
    {
        await using var server = new HealthServer(() => ("200 OK", ""));
        var deployment = new Deployment(server.EndPoint, TimeSpan.FromMinutes(1), _log);
        var start = await new StartWait(deployment, ReadyCondition.Default, _log).UntilReadyAsync(
            async (_, stop) =>
            {
                deployment.Ended = "it ended by itself with code 3";
                await Task.Delay(Timeout.Infinite, stop);
                return Refused;
            },
            Fault,
            Ct);
        Assert.Equal("it did not start: it ended by itself with code 3", start.Failure);
        Assert.Null(start.Health);
    }

    [Fact]
    public void Lines_of_a_growing_log_are_given_once_and_whole()
    {
        var log = new GrowingLog(_log);
        Assert.Empty(log.NewLines());
        File.WriteAllText(_log, "one\ntw");
        Assert.Equal(["one"], log.NewLines());
        File.AppendAllText(_log, "o\nthree\n");
        Assert.Equal(["two", "three"], log.NewLines());
        Assert.Empty(log.NewLines());
    }

    private static ServedAnswer Answered() => new(1, new Dictionary<string, IReadOnlyList<float[]>>());

    private static string? Fault(ServedAnswer answer) => ReferenceEquals(answer, Wrong.Item1) ? "largest difference 0.7" : null;

    private StartWait Wait(HealthServer server, ReadyCondition condition, TimeSpan? limit = null) =>
        new(new Deployment(server.EndPoint, limit ?? TimeSpan.FromSeconds(20), _log), condition, _log);

    private static ReadyCondition Probe(string? state, TimeSpan? timeout = null) => new(
        [
            new ReadyProbe(
                EndpointNames.Http,
                "GET",
                "/health",
                [200],
                state is null ? null : new BodyCondition(JsonPath.TryParse("status", out _), state, [], []),
                timeout ?? ReadyProbe.DefaultTimeout),
        ],
        ReadyCondition.DefaultInterval,
        []);

    /// <summary>Answers each request with what the test says; null keeps it waiting.</summary>
    private sealed class HealthServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Func<(string Status, string Body)?> _answer;
        private readonly Task _serving;

        public HealthServer(Func<(string Status, string Body)?> answer)
        {
            _answer = answer;
            _listener.Start();
            EndPoint = (IPEndPoint)_listener.LocalEndpoint;
            _serving = ServeAsync();
        }

        public IPEndPoint EndPoint { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _serving;
            _stop.Dispose();
        }

        private async Task ServeAsync()
        {
            var open = new List<TcpClient>();
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                    open.Add(client);
                    if (_answer() is not { } answer) continue;
                    _ = await client.GetStream().ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false, _stop.Token);
                    await client.GetStream().WriteAsync(
                        Encoding.UTF8.GetBytes($"HTTP/1.1 {answer.Status}\r\nConnection: close\r\nContent-Length: {answer.Body.Length}\r\n\r\n{answer.Body}"), _stop.Token);
                    client.Close();
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException && _stop.IsCancellationRequested)
            {
                open.ForEach(c => c.Dispose());
            }
        }
    }

    private sealed class Deployment(IPEndPoint endpoint, TimeSpan limit, string logFile) : IDeployment
    {
        private readonly GrowingLog _lines = new(logFile);

        public string? Ended { get; set; }

        public Endpoints Endpoints { get; } = Endpoints.Of(endpoint);

        public string Command => "";

        public IReadOnlyList<int> Cpus => [];

        public TimeSpan StartLimit => limit;

        public long LaunchedAt { get; } = Stopwatch.GetTimestamp();

        public IUsageMeter Meter => throw new NotSupportedException();

        public ValueTask<string?> EndedBecauseAsync() => ValueTask.FromResult(Ended);

        public ValueTask<IReadOnlyList<string>> NewLogLinesAsync() => ValueTask.FromResult(_lines.NewLines());

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
