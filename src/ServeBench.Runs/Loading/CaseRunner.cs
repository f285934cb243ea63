using System.Security.Cryptography;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Hosts;
using ServeBench.Load;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Payloads;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Searching;

namespace ServeBench.Runs.Loading;

/// <summary>Measures one case on a deployment that is ready.</summary>
internal sealed class CaseRunner(
    DriverChoice drivers,
    LoadJobs jobs,
    CorePlan cores,
    SeedRecord seeds,
    ConditionsRecord conditions,
    CalibrationRecord? calibration,
    CalibrationRecord? second,
    TimeProvider time)
{
    /// <summary>Where a search begins, as a share of the raw runtime's rate, before it is spread over a step by the trial's seed.</summary>
    private const double SearchStart = 0.6;

    /// <summary>How much longer than it must be a probe may get for its count.</summary>
    private const int LongestProbe = 3;

    public async Task<(TrialRecord Record, byte[] Samples)> RunAsync(
        Case one,
        DeployedStack stack,
        CommonRates rates,
        AnswerChecker checker,
        Domain.Models.ParityLimits limits,
        Action<LoadProgress> progress,
        CancellationToken cancellationToken)
    {
        var (warmUp, windows) = PayloadPlan.Of(one, stack.Cases, stack.Payloads(one), seeds.Payload);
        Task<(TrialRecord, SampleTable)> Load(LoadShape shape, PayloadStretch window, Func<LoadJob, LoadJob>? change = null) =>
            LoadAsync(
                one,
                shape,
                new PayloadSlices(warmUp, window),
                change ?? (job => job),
                stack,
                checker,
                limits,
                progress,
                cancellationToken);
        var (record, samples) = one.Shape is RateSearch search
            ? await SearchAsync(one, search, stack, rates, windows, Load)
            : await Load(one.Shape.Resolved(share => rates.Of(one, share), () => stack.MaxRate(one.Workload.Name))!, windows[0]);
        using var file = new MemoryStream();
        SampleFile.Write(file, samples);
        var bytes = file.ToArray();
        return (record with { SampleCount = samples.Count, SamplesSha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) }, bytes);
    }

    /// <summary>Tries one rate after the other. What is kept is the probe at the max rate, with the record of all.</summary>
    private async Task<(TrialRecord, SampleTable)> SearchAsync(
        Case one, RateSearch shape, DeployedStack stack, CommonRates rates, IReadOnlyList<PayloadStretch> windows,
        Func<LoadShape, PayloadStretch, Func<LoadJob, LoadJob>?, Task<(TrialRecord Record, SampleTable Samples)>> load)
    {
        // Spread over a step, so that the grid of rates is another in every block and none favours anyone; the same for all stacks.
        var spread = (Seeds.Derive(seeds.Arrivals, $"search {one.Workload.Name} trial {one.Trial}") % 1000 / 1000.0) - 0.5;
        var search =
            new RateFinder(
                (shape.Spec.Start ?? (SearchStart * rates.Ceiling(one))) * Math.Pow(RateFinder.Step, spread),
                shape.Spec,
                Bound(one, stack) ?? double.PositiveInfinity);
        var judge = new ProbeJudge(one.IsDriverCheck ? second : calibration);
        var probes = new List<ProbeRecord>();
        var all = new List<(TrialRecord Record, SampleTable Samples)>();
        while (search.Next is { } rate)
        {
            var open = new OpenLoop(shape.Arrivals, rate);
            var (record, samples) = await load(open, windows[probes.Count], job => job with
            {
                Measure = open.Window(shape.Spec.Probe, shape.Spec.Requests, LongestProbe * shape.Spec.Probe),
                ArrivalSeed = Seeds.Derive(job.ArrivalSeed, $"probe {probes.Count}"),
                IsWarm = probes.Count > 0,
                StopsWithWindow = true,
            });
            all.Add((record, samples));
            probes.Add(judge.Judge(record, samples));
            search.Heard(ProbeJudge.OutcomeOf(probes[^1]), probes[^1].HeldPerSecond);
            if (await stack.Deployment.EndedBecauseAsync() is not null) break;
        }
        var shown = probes.FindIndex(p => p.Met && p.OfferedPerSecond.Equals(search.Met));
        if (shown < 0)
            shown = probes.IndexOf(probes.Where(p => p.Invalid is null).DefaultIfEmpty(probes[^1]).MinBy(p => p.OfferedPerSecond)!);
        if (!one.IsDriverCheck) stack.Found(one.Workload.Name, probes[shown]);
        var kept = all[shown].Record;
        return (kept with
        {
            WarmUp = all[0].Record.WarmUp,
            Load = kept.Load with
            {
                Search = new SearchRecord { Probes = probes, MetPerSecond = search.Met, FailedPerSecond = search.Failed, Shown = shown }
            },
            Recovery = all.Select(a => a.Record.Recovery).OfType<RecoveryRecord>().ToArray() is { Length: > 0 } waits
                ? new RecoveryRecord(waits.Max(w => w.Seconds), waits.All(w => w.Recovered))
                : null,
            Disturbance = all[^1].Record.Disturbance ?? kept.Disturbance,
            Intruder = all.Select(a => a.Record.Intruder).FirstOrDefault(i => i is not null),
            Payloads = all.All(a => a.Record.Payloads is not null)
                ? new PayloadAudit(
                    all.Sum(a => a.Record.Payloads!.WarmUpRequests),
                    all.Sum(a => a.Record.Payloads!.WindowRequests),
                    all.Sum(a => a.Record.Payloads!.Repeated))
                : null,
        }, all[shown].Samples);
    }

    private async Task<(TrialRecord Record, SampleTable Samples)> LoadAsync(
        Case one,
        LoadShape shape,
        PayloadSlices slices,
        Func<LoadJob, LoadJob> change,
        DeployedStack stack,
        AnswerChecker checker,
        Domain.Models.ParityLimits limits,
        Action<LoadProgress> progress, CancellationToken cancellationToken)
    {
        var recovery = await Recovery.WaitAsync(one, stack, slices.WarmUp, cancellationToken);
        // Native threads that were started since the last case may have inherited a server's cores.
        CpuAffinity.PinThisProcess(cores.Client);
        var deployment = stack.Deployment;
        var bound = Bound(one, stack);
        var wanted = shape;
        shape = bound is { } most ? shape.Within(most) : shape;
        var payloads = stack.Payloads(one);
        var sent = stack.Sent(one);
        using var telemetry = new WindowTelemetry(deployment, one.Contender.Stack.Counters, one.Contender.Stack.CountersAbsence);
        var job = change(jobs.Of(one, shape, deployment.For(one.Protocol), stack.Rendered(one)) with
        {
            ClientCpus = cores.Client,
            Progress = progress,
            Window = telemetry,
            Slices = slices with { WarmUp = slices.WarmUp with { At = sent.WarmUp } },
        });
        var driver = one.IsDriverCheck ? drivers.Second! : drivers.For(one.Protocol)!;
        var started = time.GetUtcNow();
        var intruder = deployment.Listener().Intruder;
        var result = await driver.RunAsync(job, cancellationToken);
        PayloadAudit? audit = null;
        if (result.WarmUpRequests is { } outside)
            audit = new PayloadAudit(outside, result.Samples.Count, sent.Add(job.Slices!.WarmUp, outside, result));
        return (new TrialRecord
        {
            Fingerprint = one.Fingerprint,
            Case = CaseOf(one),
            Load = LoadOf(one, job, driver) with
            {
                StreamUnit = result.Samples.Series(SampleSeries.Tokens) is null ? null : SampleSeries.Tokens,
                MeanPromptTokens = MeanPromptTokens(result.Samples, payloads),
                MostPerSecond = bound,
                IsCut = shape == wanted ? null : true,
            },
            MeasuredByRun = stack.RunId,
            StartedUtc = started,
            Conditions = conditions,
            DeploymentId = stack.Id,
            Recovery = recovery,
            WarmUp = result.WarmUp,
            WindowSeconds = result.WindowSeconds,
            Server = telemetry.Use ?? new ServerUse { Cpus = deployment.Cpus, Source = "not measured: the window did not end" },
            Counters = telemetry.Counted,
            CountersAbsence = telemetry.Absence,
            Announced = telemetry.Announced,
            Client = result.Client,
            Checks = checker.Check(result.Answers, payloads, one.Protocol, limits),
            Payloads = audit,
            Connections = result.Connections,
            Between = deployment.Between,
            Processes = telemetry.Processes,
            Disturbance = await deployment.EndedBecauseAsync() is { } ended ? $"the server ended: {ended}" : result.Disturbance,
            Intruder = deployment.Listener().Intruder ?? intruder,
            SampleCount = result.Samples.Count,
            SamplesSha256 = "",
        }, result.Samples);
    }

    /// <summary>Requests per second that the server may be sent at most.</summary>
    private static double? Bound(Case one, DeployedStack stack) => stack.Deployment.For(one.Protocol).MostPerSecond;

    private static double? MeanPromptTokens(SampleTable samples, WorkloadPayloads payloads)
    {
        if (payloads.Requests[0].LengthInTokens is null) return null;
        var (tokens, sent) = (0L, 0);
        foreach (ref readonly var row in samples.Rows)
        {
            if (row.Sent == row.Last) continue; // nothing of it was sent
            tokens += payloads.Requests[row.Payload].LengthInTokens ?? 0;
            sent++;
        }
        return sent == 0 ? null : (double)tokens / sent;
    }

    private static LoadRecord LoadOf(Case one, LoadJob job, ILoadDriver driver) => job.Shape.In(new LoadRecord
    {
        Loop = job.Shape.Loop.Name,
        ItemsPerRequest = one.Workload.Payload.ItemsPerRequest,
        DistinctPayloads = job.Payloads.Requests.Count,
        MeanRequestBytes = job.Payloads.MeanBodyBytes,
        PayloadSeed = job.OrderSeed,
        ArrivalSeed = job.ArrivalSeed,
        DeadlineSeconds = one.Workload.Objectives.Deadline.TotalSeconds,
        ObjectiveP95Seconds = one.Workload.Objectives.LatencyP95?.TotalSeconds,
        ObjectiveTtftP95Seconds = one.Workload.Objectives.TtftP95?.TotalSeconds,
        ObjectiveItlP95Seconds = one.Workload.Objectives.ItlP95?.TotalSeconds,
        ObjectiveErrorRate = one.Workload.Objectives.ErrorRate,
        Driver = driver.Name,
    });

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
        IsDriverCheck = one.IsDriverCheck,
    };
}
