using System.Net.Sockets;
using System.Threading.Channels;
using ServeBench.Domain.Faults;
using ServeBench.Load.Native.Linux;
using ServeBench.Load.Native.Portable;
using ServeBench.Load.Patterns;
using ServeBench.Load.Tls;
using ServeBench.Load.Wire;
using ServeBench.Platform.Linux;
using ServeBench.Platform;

namespace ServeBench.Load.Native;

/// <summary>
/// The driver of our own: one thread, requests rendered beforehand, every request recorded (docs/driver.md). On Linux on
/// epoll; elsewhere on the sockets of .NET, with the same semantics and at more cost.
/// </summary>
public sealed class NativeDriver : ILoadDriver
{
    private readonly bool _epoll;

    /// <summary>Takes the fastest way of input and output that the system has.</summary>
    public NativeDriver()
        : this(Epoll.IsSupported)
    {
    }

    private NativeDriver(bool epoll)
    {
        _epoll = epoll;
        Name = epoll ? "native (epoll)" : "native (portable)";
    }

    /// <summary>The driver as it is on systems without epoll, anywhere.</summary>
    public static NativeDriver Portable { get; } = new(epoll: false);

    public string Name { get; }

    public bool CanDrive(WireFormat wire) => true;

    public async Task<LoadResult> RunAsync(LoadJob job, CancellationToken ct)
    {
        var connections = Check(job);
        try
        {
            return await RunAsync(job, connections, ct);
        }
        catch (Exception e) when (e is LinuxError or SocketException)
        {
            throw new RunFailedException(
                $"the load driver cannot go on: {e.Message}", "Raise the limit on open files (ulimit -n) or lower the concurrency", e);
        }
    }

    private async Task<LoadResult> RunAsync(LoadJob job, int connections, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var notices = Channel.CreateUnbounded<LoadNotice>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        using var loop = Open(job, connections);
        var engine = new LoadEngine(job, loop, connections, notices.Writer);
        var load = RunOnItsOwnThread(engine, notices.Writer, stop.Token);
        var use = new ClientUseMeter(job.ClientCpus);
        await using (stop.Token.Register(loop.Wake))
        {
            try
            {
                await foreach (var notice in notices.Reader.ReadAllAsync(CancellationToken.None)) Tell(notice, job, use);
            }
            catch
            {
                // A listener failed: the load ends, and what it threw is what the caller sees.
                await stop.CancelAsync();
                await load.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                throw;
            }
            await load;
        }
        var window = engine.Phases.Window!;
        window.Count(job.CountText);
        return new LoadResult
        {
            Samples = window.Samples,
            WindowSeconds = MonotonicClock.Seconds(window.End - window.Start),
            WarmUp = engine.Phases.WarmUp,
            WarmUpRequests = engine.OutsideWindow,
            Client = use.Result(loop.WorksOnOneThread ? window.CpuSeconds : null),
            Answers = window.Answers,
            Connections = window.Connections,
            Disturbance = Disturbance.Of(window.Samples, Why(engine, loop)),
        };
    }

    /// <summary>Why the last connection broke; empty when the other side closed it and did not say why.</summary>
    private static string Why(LoadEngine engine, ISocketLoop loop)
    {
        var error = engine.LastError == 0 ? "" : loop.Describe(engine.LastError);
        return error.Length > 0 && engine.LastGoodbye.Length > 0 ? $"{error}; {engine.LastGoodbye}" : error + engine.LastGoodbye;
    }

    private ISocketLoop Open(LoadJob job, int connections)
    {
        var at = job.Target.Address;
        ISocketLoop loop = _epoll ? new EpollSocketLoop(at, connections) : new PortableSocketLoop(at, connections);
        return job.Target.Tls is { } trust
            ? new TlsSocketLoop(loop, trust, job.Payloads.Wire.ApplicationProtocol, connections)
            : loop;
    }

    private static Task RunOnItsOwnThread(LoadEngine engine, ChannelWriter<LoadNotice> notices, CancellationToken ct)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                engine.Run(ct);
                done.SetResult();
            }
            catch (OperationCanceledException)
            {
                done.SetCanceled(ct);
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
            finally
            {
                notices.Complete();
            }
        })
        {
            IsBackground = true,
            Name = "load driver",
        };
        thread.Start();
        return done.Task;
    }

    private static void Tell(LoadNotice notice, LoadJob job, ClientUseMeter use)
    {
        switch (notice.Kind)
        {
            case NoticeKind.Progress:
                job.Progress?.Invoke(notice.Progress);
                break;
            case NoticeKind.WindowStarting:
                use.Start();
                job.Window?.Starting();
                break;
            case NoticeKind.WindowEnded:
                use.End();
                job.Window?.Ended();
                break;
        }
    }

    /// <returns>How many connections the load may need.</returns>
    /// <exception cref="ArgumentException">when the job cannot be run as it is.</exception>
    private static int Check(LoadJob job)
    {
        if (job.Measure <= TimeSpan.Zero)
            throw new ArgumentException($"the window of {job.Measure} must be longer than nothing", nameof(job));
        if (job.Deadline <= TimeSpan.Zero)
            throw new ArgumentException($"the deadline of {job.Deadline} must be longer than nothing", nameof(job));
        if (job.WarmUp.Window <= TimeSpan.Zero)
            throw new ArgumentException($"a warm-up window of {job.WarmUp.Window} must be longer than nothing", nameof(job));
        var pattern = LoadPattern.Of(job.Shape);
        return pattern.Fits(job.Measure)
            ? pattern.Connections(job)
            : throw new ArgumentException($"this driver cannot make a load of {job.Shape.Title} in {job.Measure}", nameof(job));
    }
}
