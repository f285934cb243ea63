using ServeBench.Domain.Models;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Payloads;
using ServeBench.Work;

namespace ServeBench.Runs.Ceilings;

/// <summary>Measures how fast the raw runtime is on a workload, on the cores that the servers get.</summary>
internal sealed class CeilingMeter(KnownWork work, DrawnWorkloads drawn, CorePlan cores, TimeProvider time)
{
    /// <summary>Requests whose inputs are enough to measure with.</summary>
    private const int MostRequests = 1050;

    /// <summary>The batch sizes of a sweep.</summary>
    public static IReadOnlyList<int> BatchSizes { get; } = [1, 2, 4, 8, 16, 32];

    /// <param name="workload">Whose inputs; its kind of work has a raw runtime.</param>
    /// <param name="model">The model.</param>
    /// <param name="batchSizes">Which batch sizes to try.</param>
    /// <param name="profile">How long each is measured.</param>
    /// <param name="trial">0 for the sweep before the run.</param>
    /// <param name="fingerprint">What the record is stored by.</param>
    /// <param name="runId">The run that measures it.</param>
    /// <param name="cancellationToken">Ends it between two executions.</param>
    public CeilingRecord Measure(
        Workload workload,
        ModelArtifact model,
        IReadOnlyList<int> batchSizes,
        Profile profile,
        int trial,
        string fingerprint,
        string runId,
        CancellationToken cancellationToken)
    {
        var requests = drawn.Of(workload, model).Some(MostRequests).Requests;
        var started = time.GetUtcNow();
        // The runtime's threads are started on the servers' cores, and so is the loop.
        var (points, runtime) = CpuAffinity.RunOn(cores.Server, () =>
        {
            using var raw = work.Of(workload).RawRuntime(model, requests, new RawOptions(cores.Server.Count, batchSizes.Max(), time))
                ?? throw new InvalidOperationException($"{workload.Name} has no raw runtime to measure");
            return (batchSizes.Select(size => raw.Measure(size, profile.Ceiling, cancellationToken)).ToArray(), raw.Description);
        });
        var best = points.MaxBy(p => p.ItemsPerSecond)!;
        return new CeilingRecord
        {
            Fingerprint = fingerprint,
            Workload = workload.Name,
            Model = model.Model,
            Weights = model.Weights,
            Precision = model.Precision,
            Trial = trial,
            MeasuredByRun = runId,
            StartedUtc = started,
            BatchSize = best.BatchSize,
            ItemsPerSecond = best.ItemsPerSecond,
            Sweep = points,
            Cpus = CpuAffinity.IsSupported ? cores.Server : [],
            Runtime = runtime,
        };
    }
}
