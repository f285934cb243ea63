using ServeBench.Domain.Models;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Models.Inference;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Payloads;

namespace ServeBench.Runs.Ceilings;

/// <summary>Measures how fast the raw runtime is on a workload, on the cores that the servers get.</summary>
internal sealed class CeilingStage(TextWorkloads texts, CorePlan cores, TimeProvider time)
{
    /// <summary>Requests whose inputs are enough to measure with.</summary>
    private const int MostRequests = 1050;

    /// <summary>The batch sizes of a sweep.</summary>
    public static IReadOnlyList<int> BatchSizes { get; } = [1, 2, 4, 8, 16, 32];

    /// <param name="workload">Whose inputs.</param>
    /// <param name="model">The model.</param>
    /// <param name="batchSizes">Which batch sizes to try.</param>
    /// <param name="profile">How long each is measured.</param>
    /// <param name="trial">0 for the sweep before the run.</param>
    /// <param name="fingerprint">What the record is stored by.</param>
    /// <param name="runId">The run that measures it.</param>
    /// <param name="cancellationToken">Ends it between two executions.</param>
    public CeilingRecord Measure(
        Workload workload, ModelArtifact model, IReadOnlyList<int> batchSizes, Profile profile, int trial, string fingerprint, string runId, CancellationToken cancellationToken)
    {
        var inputs = texts.Of(workload, model).Some(MostRequests).Requests.SelectMany(r => r).Select(text => texts.Encode(model, text)).ToArray();
        var started = time.GetUtcNow();
        // The session's threads are started on the servers' cores, and so is the loop.
        var (points, runtime) = CpuAffinity.RunOn(cores.Server, () =>
        {
            using var session = EmbeddingSession.Load(model.Folder, new SessionSettings { IntraOpThreads = cores.Server.Count });
            var loop = RawRuntimeLoop.Over(session, inputs, batchSizes.Max(), time);
            return (batchSizes.Select(size => loop.Measure(size, profile.Ceiling, cancellationToken)).ToArray(), session.Runtime);
        });
        var best = points.MaxBy(p => p.ItemsPerSecond)!;
        return new CeilingRecord
        {
            Fingerprint = fingerprint,
            Workload = workload.Name,
            Model = model.Model,
            Weights = model.Weights,
            Precision = "fp32",
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
