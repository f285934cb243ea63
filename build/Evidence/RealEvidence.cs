using ServeBench.Build.Composition;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Load;
using ServeBench.Load.Calibration;
using ServeBench.Load.Encoding;
using ServeBench.Load.Native;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Evidence;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Calibrating;
using ServeBench.Runs.Storing;

namespace ServeBench.Build.Evidence;

/// <summary>
/// Comparisons of real servers whose truth is planted, by what a run is made of: a fresh server process for every trial, the driver of our
/// own on cores of its own, sample files, and the evaluation of a report. The servers are null servers of log-normal latency (median
/// 5 ms), so that a trial takes a second; the second one is the same, or slower by so much.
/// </summary>
/// <param name="context">The program.</param>
/// <param name="what">The name of the evidence.</param>
/// <param name="slowdown">How many times as long the second server takes: 1 for an A/A comparison.</param>
internal sealed class RealEvidence(BuildContext context, string what, double slowdown)
{
    private const int Comparisons = 30;

    /// <summary>Every comparison is also evaluated as if it had ended earlier, from so many trials on.</summary>
    private const int FewestTrials = 3;
    private const int Trials = 6;

    private static readonly ClosedLoop Shape = new(16);
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(600);
    private static readonly WarmUpSettings WarmUp = new(TimeSpan.FromMilliseconds(60), TimeSpan.FromSeconds(1), Shape.Concurrency);
    private static readonly ScenarioRecord Scenario =
        new(
            "saturation",
            "Throughput with a fixed number of requests in flight",
            Questions.Capacity,
            [new LevelRecord(Shape.Id, Shape.Title)]);
    private static readonly RenderedRequest Request =
        new(
            "POST / HTTP/1.1\r\nHost: null\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray(),
            BodyBytes: 2,
            Items: 1);

    private readonly CorePlan _cores = CorePlan.ForThisMachine();
    private readonly string _folder = Path.Combine(context.Services.Paths.Artifacts, "evidence", what);

    /// <summary>Measures, and says what came out.</summary>
    public async Task TellAsync()
    {
        using var held = MachineLock.Take();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        var tallies = Enumerable.Range(FewestTrials, Trials - FewestTrials + 1)
            .ToDictionary(n => n, _ => new PlantedComparisons(EvidenceFolder.Name(0), slowdown));
        var variances = new List<double>();
        for (var number = 1; number <= Comparisons; number++)
        {
            var folder = await MeasureAsync(number);
            foreach (var (trials, tally) in tallies)
            {
                var results = RunEvaluator.Evaluate(folder.Finish(trials), context.Cancelled);
                var comparison = results.Comparisons.Single();
                var ratio = tally.Add(comparison);
                if (trials < Trials) continue;
                if (results.NoiseFloors.SingleOrDefault() is { } floor) variances.Add(floor.Spread * floor.Spread);
                var times = ratio is { } r ? $"first is {r:0.000} times as good: " : "";
                context.Screen.Say($"  {number,2}  {times}{comparison.Verdict}; {comparison.Reason}");
            }
        }
        string[][] rows = [.. tallies.Select(t => (string[])[.. t.Value.Row(t.Key)])];
        context.Screen.Table([[.. PlantedComparisons.Heading], .. rows], hasHeading: true);
        if (variances.Count > 0) TellSpread(Math.Sqrt(variances.Average()));
        context.Screen.Say($"Every comparison is a run with its samples in {context.Services.Paths.Shown(_folder)}.");
    }

    private void TellSpread(double spread)
    {
        context.Screen.Say($"Spread of a trial: {spread:0.0%}.");
        if (slowdown <= 1) return;
        int? trials = Enumerable.Range(FewestTrials, Resolution.MostTrials - FewestTrials + 1)
            .Where(n => Resolution.SureRatio(spread, 2, n) <= slowdown).Cast<int?>().FirstOrDefault();
        context.Screen.Say(trials is { } n
            ? $"At that spread, {n} trials of each find a difference of {slowdown - 1:0%} nine times in ten: compare the line of {n} "
                + "trials."
            : $"At that spread, no feasible number of trials finds a difference of {slowdown - 1:0%} nine times in ten.");
    }

    private async Task<EvidenceFolder> MeasureAsync(int number)
    {
        var load = Shape.In(EvidenceFolder.Load);
        var folder = new EvidenceFolder(_folder, $"{what}-{number}", Scenario, load, 2, $"./build.sh --target=Evidence --what={what}");
        for (var trial = 1; trial <= Trials; trial++)
        {
            // Neither is always first.
            foreach (var stack in (number + trial) % 2 == 0 ? (int[])[0, 1] : [1, 0])
            {
                var result = await LoadAsync((number * 1000) + (trial * 10) + stack, stack == 0 ? 1 : slowdown);
                folder.Add(stack, trial, result.Samples, result.WindowSeconds, result.WarmUp, result.Client);
            }
        }
        return folder;
    }

    private async Task<LoadResult> LoadAsync(int seed, double factor)
    {
        var log = Path.Combine(context.Services.Paths.Artifacts, "logs", "null-server-evidence.log");
        var latency = FormattableString.Invariant($"--latency=lognormal:p50={5000 * factor:0}us,p99={15000 * factor:0}us");
        string[] arguments = [latency, $"--seed={seed}"];
        CpuAffinity.PinThisProcess(_cores.Client);
        var program = context.Services.Paths.Program("ServeBench.NullServer");
        await using var server = await NullServer.StartAsync(program, arguments, _cores.Server, log, context.Cancelled);
        CpuAffinity.PinThisProcess(_cores.Client);
        return await new NativeDriver().RunAsync(
            new LoadJob
            {
                Target = server.Endpoint,
                Payloads = new PayloadSet(PlantedLatencies.Plain, [Request]),
                Shape = Shape,
                WarmUp = WarmUp,
                Measure = Window,
                Deadline = TimeSpan.FromSeconds(10),
                ArrivalSeed = seed,
                OrderSeed = seed,
                CheckAnswers = false,
                ClientCpus = _cores.Client,
            },
            context.Cancelled);
    }
}
