using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Load;
using ServeBench.Load.Wire;

namespace ServeBench.Runs.Tests.Fakes;

/// <summary>Makes no load: returns a few samples at once. Tests put something in its way before a given job.</summary>
internal sealed class FakeDriver : ILoadDriver
{
    /// <summary>Called before every job but those against the null server, with its number from 1.</summary>
    public Action<int, LoadJob>? Before { get; set; }

    /// <summary>
    /// How long its ten requests against the null server took: the less, the more it seems to be able to do. Far more than it is asked
    /// for, unless a test says otherwise.
    /// </summary>
    public double CalibrationSeconds { get; set; } = 0.001;

    /// <summary>Answers a job in the place of the driver; null where it does not.</summary>
    public Func<LoadJob, LoadResult?>? Instead { get; set; }

    /// <summary>Whether the client's cores were too busy in a job against a stack, by its number from 1: its trial is spoiled.</summary>
    public Func<int, bool> IsBusy { get; set; } = _ => false;

    /// <summary>Jobs against stacks.</summary>
    public int Jobs { get; private set; }

    public string Name { get; init; } = "fake";

    public Func<WireFormat, bool> Speaks { get; init; } = _ => true;

    public bool CanDrive(WireFormat wire) => Speaks(wire);

    public Task<LoadResult> RunAsync(LoadJob job, CancellationToken ct)
    {
        if (job.Progress is not null)
        {
            Jobs++;
            Before?.Invoke(Jobs, job);
        }
        ct.ThrowIfCancellationRequested();
        if (job.Progress is not null && Instead?.Invoke(job) is { } result) return Task.FromResult(result);
        job.Window?.Starting();
        job.Window?.Ended();
        var samples = new SampleTable();
        for (var i = 0; i < 10; i++)
        {
            var at = i * 1_000_000L;
            samples.Add(new Sample(at, at, at + 500_000, at + 600_000, Outcome.Success, 200, 1, 100, i % job.Payloads.Requests.Count));
        }
        return Task.FromResult(new LoadResult
        {
            Samples = samples,
            WindowSeconds = job.Progress is null ? CalibrationSeconds : 0.05,
            WarmUp = new WarmUpRecord(true, 0.03, []),
            WarmUpRequests = 1,
            Client = new ClientUse { CpuSeconds = 0.001, CoresBusy = job.Progress is not null && IsBusy(Jobs) ? 0.95 : 0.1, Cpus = [1] },
            Answers = [],
        });
    }
}
