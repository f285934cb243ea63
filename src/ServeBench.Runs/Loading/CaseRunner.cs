using ServeBench.Domain.Plans;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Load;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Payloads;

namespace ServeBench.Runs.Loading;

/// <summary>Measures one case on a deployment that is ready.</summary>
internal sealed class CaseRunner(DriverChoice drivers, LoadJobs jobs, CorePlan cores, TimeProvider time)
{
    public async Task<(TrialRecord Record, byte[] Samples)> RunAsync(
        Case one, IDeployment deployment, string deploymentId, string runId, WorkloadPayloads payloads, AnswerChecker checker, Domain.Models.ParityLimits limits,
        Action<LoadProgress> progress, CancellationToken cancellationToken)
    {
        // Native threads that were started since the last case may have inherited a server's cores.
        CpuAffinity.PinThisProcess(cores.Client);
        using var telemetry = new WindowTelemetry(deployment, one.Contender.Stack.Counters);
        var set = payloads.Render(one.Protocol, deployment.Endpoint);
        var job = jobs.Of(one, deployment.Endpoint, set) with { ClientCpus = cores.Client, Progress = progress, Window = telemetry };
        var driver = drivers.For(one.Protocol.Transport)!;
        var started = time.GetUtcNow();
        var result = await driver.RunAsync(job, cancellationToken);

        using var samples = new MemoryStream();
        SampleFile.Write(samples, result.Samples);
        var bytes = samples.ToArray();
        var disturbance = deployment.EndedBecause() is { } ended ? $"the server ended: {ended}" : result.Disturbance;
        return (new TrialRecord
        {
            Fingerprint = one.Fingerprint,
            Case = CaseOf(one),
            Load = LoadOf(one, job, driver),
            MeasuredByRun = runId,
            StartedUtc = started,
            DeploymentId = deploymentId,
            WarmUp = result.WarmUp,
            WindowSeconds = result.WindowSeconds,
            Server = telemetry.Use ?? new ServerUse { Cpus = deployment.Cpus, Source = "not measured: the window did not end" },
            Counters = telemetry.Counted,
            CountersAbsence = telemetry.Absence,
            Client = result.Client,
            Checks = checker.Check(result.Answers, payloads, one.Protocol, limits),
            Between = deployment.Between,
            Disturbance = disturbance,
            SampleCount = result.Samples.Count,
            SamplesSha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
        }, bytes);
    }

    private static LoadRecord LoadOf(Case one, LoadJob job, ILoadDriver driver) => new()
    {
        Loop = one.Shape.IsOpen ? "open" : "closed",
        Concurrency = (one.Shape as ClosedLoop)?.Concurrency,
        Arrivals = (one.Shape as OpenLoop)?.Arrivals,
        RatePerSecond = (one.Shape as OpenLoop)?.Rate,
        Ramp = one.Shape.Course is { } ramp ? new RampRecord(ramp.Start, [.. ramp.Stages.Select(s => new RampStageRecord(s.Duration.TotalSeconds, s.Target))]) : null,
        ItemsPerRequest = one.Workload.Payload is TextPayload text ? text.ItemsPerRequest : 1,
        DistinctPayloads = job.Payloads.Requests.Count,
        MeanRequestBytes = job.Payloads.MeanBodyBytes,
        PayloadSeed = job.OrderSeed,
        ArrivalSeed = job.ArrivalSeed,
        DeadlineSeconds = one.Workload.Objectives.Deadline.TotalSeconds,
        ObjectiveP95Seconds = one.Workload.Objectives.LatencyP95?.TotalSeconds,
        ObjectiveErrorRate = one.Workload.Objectives.ErrorRate,
        Driver = driver.Name,
    };

    private static CaseRecord CaseOf(Case one) => new()
    {
        Group = one.Workload.Group,
        Workload = one.Workload.Name,
        Scenario = one.Scenario.Name,
        Question = one.Scenario.Question,
        Level = one.Shape.Id,
        Contender = one.Contender.Label,
        Stack = one.Contender.Stack.Name,
        IsTwin = one.Contender.IsTwin,
        Track = one.Contender.Track.Name,
        Model = one.Model.Model,
        Weights = one.Model.Weights,
        Precision = one.Contender.Stack.Precision,
        Host = one.Host,
        Protocol = one.Protocol.Name,
        Trial = one.Trial,
    };
}
