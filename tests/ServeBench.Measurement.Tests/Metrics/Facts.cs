using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Tests.Metrics;

/// <summary>Builds the facts of one trial by hand: a window of 2 s unless told otherwise.</summary>
internal static class Facts
{
    public const long Millisecond = 1_000_000;

    public static TrialRecord Record { get; } = new()
    {
        Fingerprint = "f",
        Case = new CaseRecord
        {
            Group = "embeddings", Workload = "w", Scenario = "s", Question = "capacity", Level = "c4", Contender = "a", Stack = "a", IsTwin = false,
            Track = "default", Model = "m", Weights = "seeded", Precision = "fp32", Host = "process", Protocol = "p", Trial = 1,
        },
        Load = new LoadRecord
        {
            Loop = "closed", Concurrency = 4, ItemsPerRequest = 2, DistinctPayloads = 8, MeanRequestBytes = 500, PayloadSeed = 1, ArrivalSeed = 2,
            DeadlineSeconds = 10, ObjectiveErrorRate = 0.01, Driver = "native",
        },
        MeasuredByRun = "run",
        StartedUtc = DateTimeOffset.UnixEpoch,
        DeploymentId = "d",
        WarmUp = new WarmUpRecord(true, 1.5, []),
        WindowSeconds = 2,
        Server = new ServerUse { CpuSeconds = 1.5, MeanResidentBytes = 300e6, PeakResidentBytes = 320e6, MemoryReadings = 20, Cpus = [1], Source = "process tree" },
        Counters = new ServerCounters(120, 30),
        Client = new ClientUse { CpuSeconds = 0.004, CoresBusy = 0.2, Steal = 0, Cpus = [0] },
        Checks = new AnswerChecks(10, 0, null),
        SampleCount = 0,
        SamplesSha256 = "",
    };

    public static CalibrationRecord Calibration { get; } = new()
    {
        Fingerprint = "f", Driver = "native", MeasuredByRun = "run", StartedUtc = DateTimeOffset.UnixEpoch, RequestBytes = 1, ResponseBytes = 1,
        MaximumRequestsPerSecond = 1000, Points = [], ClientCpus = [0], ServerCpus = [1],
    };

    public static TrialFacts Of(IEnumerable<Sample> samples, TrialRecord? record = null, CalibrationRecord? calibration = null, double? ceiling = null)
    {
        var table = new SampleTable();
        foreach (var sample in samples) table.Add(sample);
        record = (record ?? Record) with { SampleCount = table.Count };
        return new TrialFacts(record, new SampleDigester().Digest(record, table), calibration ?? Calibration, ceiling);
    }

    /// <summary>Requests spread evenly over the window, each answered after the given milliseconds.</summary>
    public static IEnumerable<Sample> Answered(int count, Func<int, double> milliseconds, double windowSeconds = 2) =>
        Enumerable.Range(0, count).Select(i => Answer((long)(i * windowSeconds * 1000 / count * Millisecond), milliseconds(i)));

    public static Sample Answer(long intended, double milliseconds, Outcome outcome = Outcome.Success, long lag = 0) =>
        new(intended, intended + lag, intended + lag, intended + (long)(milliseconds * Millisecond), outcome, 200, 2, 1000, 0);
}
