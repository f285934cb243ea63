using System.Threading.Channels;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Native.Linux;
using ServeBench.Load.Encoding;
using ServeBench.Load.Native;
using ServeBench.Load.Tests.Wire;
using ServeBench.NullServer;
using ServeBench.Platform.Linux;

namespace ServeBench.Load.Tests.Native;

[Lane("slow")]
public sealed class AllocationTests : DriverTest
{
    public static TheoryData<LoadShape> Shapes { get; } = [new ClosedLoop(8), new OpenLoop("poisson", 5000)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task No_request_allocates(LoadShape shape)
    {
        Assert.SkipUnless(Epoll.IsSupported, "there is no epoll on this system");
        using var server = NullServerHost.Start(new NullServerOptions());
        await MeasureAsync(Job(server.EndPoint, shape), 24 / 2);
    }

    /// <summary>A rule for good answers copies and searches each; buffers have grown by the window.</summary>
    [Fact]
    public async Task No_request_allocates_where_good_answers_have_rules()
    {
        Assert.SkipUnless(Epoll.IsSupported, "there is no epoll on this system");
        using var server = NullServerHost.Start(new NullServerOptions());
        var rule = new OutcomeRule(
            [200], [new HeaderCondition("x-failed", IsPresent: false, null)], new BodyCondition(JsonPath.TryParse("error", out _), null, [], []), null, OutcomeMeaning.Failed);
        await MeasureAsync(Job(server.EndPoint, new ClosedLoop(8)) with { Rules = [rule] }, 24 / 2);
    }

    /// <summary>Beside the list there is the series of the events, which is made with it.</summary>
    [Fact]
    public async Task No_stream_allocates()
    {
        Assert.SkipUnless(Epoll.IsSupported, "there is no epoll on this system");
        using var server = NullServerHost.Start(new NullServerOptions { Wire = "sse", Events = 8 });
        var protocol = K6.StreamedProtocols.Get("chat-sse");
        var payloads = PayloadSet.Render(protocol, server.EndPoint, [PayloadVariables.OfTexts("m", ["x"])]);
        await MeasureAsync(Job(server.EndPoint, new ClosedLoop(8)) with { Payloads = payloads }, 24 / 2);
    }

    [Theory]
    [InlineData("open-inference-grpc", 1)]
    [InlineData("generate-grpc", 8)]
    public async Task No_call_allocates(string name, int messages)
    {
        Assert.SkipUnless(Epoll.IsSupported, "there is no epoll on this system");
        using var server = NullServerHost.Start(new NullServerOptions { Wire = "grpc", Events = messages });
        var protocol = messages == 1 ? GrpcProtocols.OpenInference : K6.StreamedProtocols.Get(name);
        var payloads = PayloadSet.Render(protocol, server.EndPoint, [PayloadVariables.OfTexts("m", ["x"])]);
        await MeasureAsync(Job(server.EndPoint, new ClosedLoop(8)) with { Payloads = payloads }, 24 / 2);
    }

    private static async Task MeasureAsync(LoadJob of, int bytes)
    {
        var job = of with { Measure = TimeSpan.FromMilliseconds(400) };
        using var loop = new EpollSocketLoop(job.Target.Address, job.MaximumConnections);
        var engine = new LoadEngine(job, loop, job.MaximumConnections, Channel.CreateUnbounded<LoadNotice>().Writer);
        await Task.Factory.StartNew(() => engine.Run(Ct), Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var window = engine.Phases.Window!;
        Assert.InRange(window.Samples.Count, 1500, int.MaxValue);
        // The window has its list, its schedule and its notices, and a collection charges what was left of the thread's buffer;
        // the smallest object on each second request would be more than that.
        Assert.InRange(window.AllocatedBytes, 0, window.Samples.Count * bytes);
    }
}
