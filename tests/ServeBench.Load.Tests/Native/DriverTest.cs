using System.Diagnostics;
using System.Net;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Encoding;
using ServeBench.Load.Native;
using ServeBench.Load.Native.Linux;
using ServeBench.Load.Tests.Encoding;

namespace ServeBench.Load.Tests.Native;

/// <summary>What tests of the driver share. They run one after the other, since each wants the machine for itself.</summary>
[Collection(nameof(DriverTest))]
[CollectionDefinition(nameof(DriverTest), DisableParallelization = true)]
public abstract class DriverTest
{
    protected const long Millisecond = 1_000_000;

    /// <summary>Every way of input and output, which must not differ in what they mean.</summary>
    public static TheoryData<string> Drivers { get; } = ["epoll", "portable"];

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected static NativeDriver Driver(string name)
    {
        if (name == "portable") return NativeDriver.Portable;
        Assert.SkipUnless(Epoll.IsSupported, "there is no epoll on this system");
        return new NativeDriver();
    }

    /// <summary>A job of short phases: 60 ms of warm-up at least, 120 ms at most, and 200 ms of window.</summary>
    protected static LoadJob Job(IPEndPoint target, LoadShape shape, int payloads = 10) => new()
    {
        Target = target,
        Payloads = PayloadSet.Render(Protocols.Embeddings, target, Enumerable.Range(0, payloads).Select(i => PayloadVariables.OfTexts("m", [.. Enumerable.Repeat($"text {i}", 1 + i % 3)]))),
        Shape = shape,
        WarmUp = new WarmUpSettings(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(120), Concurrency: 2),
        Measure = TimeSpan.FromMilliseconds(200),
        Deadline = TimeSpan.FromSeconds(20),
        ArrivalSeed = 5,
        OrderSeed = 6,
    };

    protected static Sample[] Rows(LoadResult result) => result.Samples.Rows.ToArray();

    /// <summary>Waits for something that another thread brings about, and fails the test when it does not come.</summary>
    protected static void Until(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"waited in vain until {what}");
            Thread.Sleep(1);
        }
    }
}

/// <summary>A listener made of two actions.</summary>
internal sealed class Listener(Action starting, Action? ended = null) : IWindowListener
{
    public void Starting() => starting();

    public void Ended() => ended?.Invoke();
}
