using ServeBench.Load.Wire;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Encoding;
using ServeBench.Load.K6;
using ServeBench.Load.K6.Running;
using ServeBench.Load.Native;
using ServeBench.Load.Tests.Native;
using ServeBench.Processes.Commands;

namespace ServeBench.Load.Tests.K6;

/// <summary>Server-sent events, which k6 speaks only where the extension k6/x/sse was built into it.</summary>
[Lane("k6")]
public sealed class K6SseTests : DriverTest, IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("servebench-k6-").FullName;

    public void Dispose() => Directory.Delete(_work, recursive: true);

    [Fact]
    public async Task A_k6_with_the_extension_measures_a_stream_of_events()
    {
        var path = Environment.GetEnvironmentVariable("SERVEBENCH_K6_SSE");
        Assert.SkipWhen(path is null, "SERVEBENCH_K6_SSE names no k6 that was built with the extension k6/x/sse (github.com/phymbert/xk6-sse)");
        var program = await K6Program.OfProgramAsync(new CommandRunner(), path, "--k6", Ct);
        var driver = new K6Driver(program, Repository.Templates, _work, TimeProvider.System);
        var protocol = StreamedProtocols.Get("chat-sse");
        Assert.True(driver.CanDrive(WireFormat.Of(protocol)), $"{path} has these extensions: {string.Join(", ", program.Extensions)}");
        var (endless, served) = (0, 0);
        using var server = new EventServer(async (request, write) =>
        {
            Interlocked.Increment(ref served);
            await write("data: {\"delta\":\"o\"}\n\n");
            await Task.Delay(50, Ct);
            // Of the third text the end never comes: the connection just closes.
            if (request.Contains("three", StringComparison.Ordinal)) Interlocked.Increment(ref endless);
            else await write("data: [DONE]\n\n");
        });
        var job = Job(server.EndPoint, new ClosedLoop(2)) with
        {
            Payloads = PayloadSet.Render(protocol, server.EndPoint, [.. new[] { "one", "two", "three" }.Select(t => PayloadVariables.OfTexts("m", [t]))]),
            Protocol = protocol.Name,
            WarmUp = new WarmUpSettings(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1), 2),
            Measure = TimeSpan.FromSeconds(1),
            KeepAnswers = 2,
        };
        var result = await driver.RunAsync(job, Ct);
        Assert.True(served > 0 && endless > 0);
        Assert.InRange(result.Samples.Count, 5, 40);
        Assert.Equal([Outcome.Success, Outcome.Disconnected], Rows(result).Select(s => s.Outcome).Distinct().Order());
        Assert.All(Rows(result), s => Assert.Equal(s.Payload == 2 ? Outcome.Disconnected : Outcome.Success, s.Outcome));
        // The first event comes at once, the last 50 ms later.
        Assert.All(Rows(result).Where(s => s.Outcome == Outcome.Success), s => Assert.InRange(s.Last - s.First, 45 * Millisecond, 1000 * Millisecond));
        // A script keeps the last event of a stream, which cannot be understood without the others.
        Assert.Empty(result.Answers);
    }

    [Fact]
    public void A_k6_without_it_gives_such_a_case_to_a_driver_that_speaks_it()
    {
        K6Driver Driver(params string[] extensions) => new(new K6Program("k6", null, new Version(2, 2, 0), extensions), Repository.Templates, _work, TimeProvider.System);
        var events = StreamedProtocols.Get("chat-sse");
        var (plain, extended, own) = (Driver(), Driver("k6/x/sse"), new NativeDriver());
        Assert.Same(own, new DriverChoice(plain, "", own).For(events));
        Assert.Same(extended, new DriverChoice(extended, "", own).For(events));
        var socket = StreamedProtocols.Get("transcribe-websocket");
        Assert.Same(plain, new DriverChoice(plain, "", own).For(socket));
        Assert.Same(own, new DriverChoice(own, "").For(socket));
        // Without our own driver behind it, a k6 without the extension leaves events to nobody.
        Assert.Null(new DriverChoice(plain, "").For(events));
    }
}
