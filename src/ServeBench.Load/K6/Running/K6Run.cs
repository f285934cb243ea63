using System.Diagnostics;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Trials;
using ServeBench.Load.Native;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Servers;

namespace ServeBench.Load.K6.Running;

/// <summary>One k6 under way: reports progress and the window's start and end, and reads what k6 uses meanwhile.</summary>
internal sealed class K6Run(K6Launch launch, K6Log log, LoadJob job, K6Case one, TimeProvider time)
{
    /// <summary>Loading the script and making its VUs; slow on a busy core.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Report = TimeSpan.FromMilliseconds(500);

    private readonly ClientUseMeter _use = new(job.ClientCpus);
    private int _processId;
    private double? _cpuAtStart;
    private double? _cpuAtEnd;
    private int _announced;
    private (long At, long Requests, long Failures) _last;

    /// <summary>What k6 used over the window.</summary>
    public ClientUse ClientUse => _use.Result(_cpuAtEnd - _cpuAtStart);

    /// <returns>k6's exit code.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var process = await StartAsync();
        await using (process)
        {
            _processId = process.ProcessId;
            using var progress = job.Progress is null ? null : new K6Progress(launch.Port, Requests, Failures);
            using var beat = new PeriodicTimer(Beat);
            var started = Stopwatch.StartNew();
            while (!process.Exited.IsCompleted)
            {
                await Task.WhenAny(process.Exited, beat.WaitForNextTickAsync(ct).AsTask());
                ct.ThrowIfCancellationRequested();
                log.ReadOn();
                await WatchAsync(progress, ct);
                if (started.Elapsed > (log.TestStart is null ? StartLimit : StartLimit + one.Longest))
                    throw new RunFailedException(
                        $"k6 has not ended after {started.Elapsed.TotalSeconds:0} s, {one.Longest.TotalSeconds:0} s are its most; "
                            + $"its log: {launch.Log}",
                        "Stop what else runs on its cores, and try again");
            }
            log.ReadOn();
            if (_announced == 1) Close();
            return await process.Exited;
        }
    }

    private bool IsCounted => job.Payloads.Wire.K6.IsCountedByK6;

    private string Requests => IsCounted ? "http_reqs" : "iterations";

    private string Failures => IsCounted ? "http_req_failed" : "request_failed";

    private async Task<ServerProcess> StartAsync()
    {
        try
        {
            return await ServerProcess.StartAsync(launch.Spec(UserIds.Current));
        }
        catch (CommandFailedException e)
        {
            throw new RunFailedException(
                $"k6 could not be started: {e.Message}", "Name another k6 with --k6=PATH, or use --driver=native", e);
        }
    }

    private async Task WatchAsync(K6Progress? progress, CancellationToken ct)
    {
        if (log.TestStart is not { } start) return;
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick - start;
        var elapsed = TimeSpan.FromTicks(now / TimeSpan.NanosecondsPerTick);
        var (opens, closes) = (one.WarmUp + one.Margin, one.WarmUp + one.Margin + job.Measure);
        if (_announced == 0 && elapsed >= opens)
        {
            _announced = 1;
            await FindContainerAsync(ct);
            _use.Start();
            _cpuAtStart = ProcessCpu.Seconds(_processId);
            job.Window?.Starting();
        }
        if (_announced == 1 && elapsed >= closes)
        {
            Close();
        }
        if (progress is not null && (_last.At == 0 || Stopwatch.GetElapsedTime(_last.At) >= Report))
            await TellAsync(progress, elapsed, opens, closes, ct);
    }

    private void Close()
    {
        _announced = 2;
        _use.End();
        _cpuAtEnd = ProcessCpu.Seconds(_processId);
        job.Window?.Ended();
    }

    private async Task TellAsync(K6Progress progress, TimeSpan elapsed, TimeSpan opens, TimeSpan closes, CancellationToken ct)
    {
        var (before, at) = (_last, Stopwatch.GetTimestamp());
        if (await progress.AskAsync(ct) is not { } count) return;
        _last = (at, count.Requests, count.Failures);
        var rate = before.At == 0
            ? 0
            : Math.Max(0, count.Requests - before.Requests - (count.Failures - before.Failures))
                / Stopwatch.GetElapsedTime(before.At, at).TotalSeconds;
        var (phase, since, expected) = elapsed < one.WarmUp ? (LoadPhase.WarmUp, elapsed, one.WarmUp)
            : elapsed < opens ? (LoadPhase.RunIn, elapsed - one.WarmUp, one.Margin)
            : elapsed < closes ? (LoadPhase.Window, elapsed - opens, job.Measure)
            : (LoadPhase.Tail, elapsed - closes, one.Margin);
        job.Progress!(new LoadProgress(phase, since, expected, rate, count.Failures));
    }

    /// <summary>The process that was started is docker's client; k6 is the container's.</summary>
    private async Task FindContainerAsync(CancellationToken ct)
    {
        if (launch.Program.Image is null) return;
        var inspect =
            new CommandSpec("docker", "inspect", "--format={{.State.Pid}}", launch.Container) { Timeout = TimeSpan.FromSeconds(5) };
        var result = await new CommandRunner().TryRunAsync(inspect, cancellationToken: ct);
        _processId = int.TryParse(result.Output.Trim(), out var processId) ? processId : 0;
    }
}
