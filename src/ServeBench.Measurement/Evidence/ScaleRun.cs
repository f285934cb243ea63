using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Evidence;

/// <summary>
/// A run that never took place, as large as asked for: Poisson-like arrivals and log-normal latencies. Seeded: the same sizes give the
/// same bytes. It holds what a report needs and no more.
/// </summary>
/// <param name="Stacks">Stacks, each slower than the one before.</param>
/// <param name="Trials">Trials of each.</param>
/// <param name="SamplesEach">Samples of each trial.</param>
public sealed record ScaleRun(int Stacks, int Trials, int SamplesEach)
{
    public const string Id = "20260102T030405Z-scale";
    private const double RatePerSecond = 2000;
    private static readonly LevelRecord Level = new("poisson-2000", "2000 requests/s, Poisson");
    private static readonly ScenarioRecord Scenario =
        new("steady", "Latency at a fixed rate, the same for every stack", Questions.Latency, [Level]);
    private static readonly LoadRecord Load = new OpenLoop("poisson", RatePerSecond).In(EvidenceFolder.Load);
    private static readonly LatencyPercentile[] Percentiles =
        [.. new LatencyPercentiles().Members.OfType<LatencyPercentile>().Where(p => p.IsEndToEnd)];

    public long Samples => (long)Stacks * Trials * SamplesEach;

    /// <summary>Writes the run below a folder, one trial at a time.</summary>
    /// <returns>Its folder, and the percentiles of every trial as a plain sort of all its latencies gives them.</returns>
    public (RunFolder Folder, IReadOnlyList<PlainPercentile> Plain) Write(string parent, CancellationToken cancellationToken = default)
    {
        var folder = new EvidenceFolder(parent, Id, Scenario, Load, Stacks, "./build.sh --target=Evidence --what=scale");
        var plain = new List<PlainPercentile>();
        for (var trial = 1; trial <= Trials; trial++)
        {
            for (var stack = 0; stack < Stacks; stack++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var samples = Table(stack, trial);
                var client = new ClientUse { CoresBusy = 0.1, Steal = 0, Cpus = [0] };
                folder.Add(stack, trial, samples, SamplesEach / RatePerSecond, new WarmUpRecord(true, 1, []), client);
                plain.AddRange(Plain(EvidenceFolder.Name(stack), trial, samples));
            }
        }
        return (folder.Finish(), plain);
    }

    private static IEnumerable<PlainPercentile> Plain(string contender, int trial, SampleTable samples)
    {
        var latencies = new long[samples.Count];
        for (var i = 0; i < latencies.Length; i++) latencies[i] = samples[i].EndToEnd;
        Array.Sort(latencies);
        return
        [
            .. from percentile in Percentiles
               where SampleSupport.Supports(percentile.Share, latencies.Length)
               let nanoseconds = Percentile.OfSorted(latencies, percentile.Share)
               select new PlainPercentile(contender, trial, percentile.Id, nanoseconds / SampleDigest.NanosecondsPerSecond),
        ];
    }

    /// <summary>In the order in which requests finish, as a driver writes them.</summary>
    private SampleTable Table(int stack, int trial)
    {
        var noise = new SeededNoise((ulong)((trial * 1000) + stack));
        var median = 5e6 * (1 + (0.1 * stack)) * Math.Exp(0.03 * noise.Normal());
        var table = new SampleTable(SamplesEach);
        var inFlight = new PriorityQueue<Sample, long>();
        for (var i = 0; i < SamplesEach; i++)
        {
            var intended = (long)((i + noise.Uniform()) * 1e9 / RatePerSecond);
            while (inFlight.TryPeek(out var done, out var last) && last <= intended) table.Add(Finished(inFlight, done));
            var sent = intended + 15_000 + (long)(40_000 * noise.Uniform());
            var answered = sent + 50_000 + (long)(median * Math.Exp(0.6 * noise.Normal()));
            inFlight.Enqueue(new Sample(intended, sent, answered - 20_000, answered, Outcome.Success, 200, 1, 4096 + (i % 7), i), answered);
        }
        while (inFlight.TryPeek(out var done, out _)) table.Add(Finished(inFlight, done));
        return table;
    }

    private static Sample Finished(PriorityQueue<Sample, long> inFlight, Sample done)
    {
        inFlight.Dequeue();
        return done;
    }
}

/// <summary>One percentile of one trial, computed plainly.</summary>
/// <param name="Contender">Whose.</param>
/// <param name="Trial">From 1.</param>
/// <param name="Metric">As results name it.</param>
/// <param name="Seconds">Its value.</param>
public sealed record PlainPercentile(string Contender, int Trial, string Metric, double Seconds)
{
    /// <summary>Whether a report shows exactly this, to all the digits that results are stored with.</summary>
    public bool IsIn(Results.RunResults results) => results.Cases.Single(c => c.Contender == Contender)
        .Trials.Single(t => t.Trial == Trial).Values.TryGetValue(Metric, out var shown) && shown == Results.Rounded.Of(Seconds);
}
