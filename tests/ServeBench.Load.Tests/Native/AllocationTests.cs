using System.Threading.Channels;
using ServeBench.Domain.Plans;
using ServeBench.Load.Native;
using ServeBench.Load.Native.Linux;
using ServeBench.NullServer;

namespace ServeBench.Load.Tests.Native;

public sealed class AllocationTests : DriverTest
{
    public static TheoryData<LoadShape> Shapes { get; } = [new ClosedLoop(8), new OpenLoop("poisson", 5000)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task No_request_allocates(LoadShape shape)
    {
        Assert.SkipUnless(Epoll.IsSupported, "there is no epoll on this system");
        using var server = NullServerHost.Start(new NullServerOptions());
        var job = Job(server.EndPoint, shape) with { Measure = TimeSpan.FromMilliseconds(400) };
        using var loop = new EpollSocketLoop(job.Target, job.MaximumConnections);
        var engine = new LoadEngine(job, loop, job.MaximumConnections, Channel.CreateUnbounded<LoadNotice>().Writer);
        await Task.Factory.StartNew(() => engine.Run(Ct), Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var window = engine.Phases.Window!;
        Assert.InRange(window.Samples.Count, 1500, int.MaxValue);
        // The window has its list, its schedule and its notices, and a collection charges what was left of the thread's buffer;
        // the smallest object on each second request would be more than that.
        Assert.InRange(window.AllocatedBytes, 0, window.Samples.Count * 24 / 2);
    }
}
