using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Load;
using ServeBench.Load.Encoding;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Payloads;
using ServeBench.Runs.Planning;

namespace ServeBench.Runs.Loading;

/// <summary>Measures one case on a deployment that is ready.</summary>
internal sealed class CaseRunner(ILoadDriver driver, CorePlan cores, Profile profile, SeedRecord seeds, TimeProvider time)
{
    /// <summary>Whole answers kept for checking, per case.</summary>
    private const int AnswersChecked = 8;

    /// <summary>Requests in flight while an open loop's server warms up.</summary>
    private const int OpenLoopWarmUp = 4;

    public async Task<(TrialRecord Record, byte[] Samples)> RunAsync(
        Case one, IDeployment deployment, string deploymentId, string runId, WorkloadPayloads payloads, AnswerChecker checker, Domain.Models.ParityLimits limits,
        Action<LoadProgress> progress, CancellationToken cancellationToken)
    {
        // Native threads that were started since the last case may have inherited a server's cores.
        CpuAffinity.PinThisProcess(cores.Client);
        using var telemetry = new WindowTelemetry(deployment, one.Contender.Stack.Counters);
        var set = payloads.Render(one.Protocol, deployment.Endpoint);
        var arrivalSeed = Seeds.Derive(seeds.Arrivals, $"{one.Workload.Name} {one.Scenario.Name} trial {one.Trial}");
        var orderSeed = Seeds.Derive(seeds.Payload, $"order of {one.Workload.Name} trial {one.Trial}");
        var started = time.GetUtcNow();
        var result = await driver.RunAsync(
            new LoadJob
            {
                Target = deployment.Endpoint,
                Payloads = set,
                Shape = one.Shape,
                WarmUp = new WarmUpSettings(profile.WarmUpWindow, profile.WarmUpLimit, OpenLoopWarmUp),
                Measure = profile.Measure,
                Deadline = one.Workload.Objectives.Deadline,
                ArrivalSeed = arrivalSeed,
                OrderSeed = orderSeed,
                ExpectedStatus = ((HttpTransport)one.Protocol.Transport).Response.Status,
                KeepAnswers = AnswersChecked,
                ClientCpus = cores.Client,
                Progress = progress,
                Window = telemetry,
            },
            cancellationToken);

        using var samples = new MemoryStream();
        SampleFile.Write(samples, result.Samples);
        var bytes = samples.ToArray();
        var disturbance = deployment.EndedBecause() is { } ended ? $"the server ended: {ended}" : result.Disturbance;
        return (new TrialRecord
        {
            Fingerprint = one.Fingerprint,
            Case = CaseOf(one),
            Load = LoadOf(one, set, orderSeed, arrivalSeed),
            MeasuredByRun = runId,
            StartedUtc = started,
            DeploymentId = deploymentId,
            WarmUp = result.WarmUp,
            WindowSeconds = result.WindowSeconds,
            Server = telemetry.Use ?? new ServerUse { Cpus = deployment.Cpus, Source = "not measured: the window did not end" },
            Counters = telemetry.Counted,
            Client = result.Client,
            Checks = checker.Check(result.Answers, payloads, one.Protocol, limits),
            Disturbance = disturbance,
            SampleCount = result.Samples.Count,
            SamplesSha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
        }, bytes);
    }

    private LoadRecord LoadOf(Case one, PayloadSet set, long orderSeed, long arrivalSeed) => new()
    {
        Loop = one.Shape is ClosedLoop ? "closed" : "open",
        Concurrency = (one.Shape as ClosedLoop)?.Concurrency,
        Arrivals = (one.Shape as OpenLoop)?.Arrivals,
        RatePerSecond = (one.Shape as OpenLoop)?.Rate,
        ItemsPerRequest = one.Workload.Payload is TextPayload text ? text.ItemsPerRequest : 1,
        DistinctPayloads = set.Requests.Count,
        MeanRequestBytes = set.MeanBodyBytes,
        PayloadSeed = orderSeed,
        ArrivalSeed = arrivalSeed,
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
