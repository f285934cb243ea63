using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;

namespace ServeBench.Load.Calibration.Tools;

/// <summary>A driver of ours, compared with other tools.</summary>
/// <param name="driver">The driver.</param>
/// <param name="cpus">The cores that this process is confined to.</param>
public sealed class DriverTool(ILoadDriver driver, IReadOnlyList<int> cpus) : ILoadTool
{
    public string Name => driver.Name;

    public ILoadDriver? Driver => driver;

    public async Task<ToolRun> RunAsync(ToolJob job, CancellationToken ct)
    {
        var result = await driver.RunAsync(
            new LoadJob
            {
                Title = "tools",
                Target = job.Target,
                Payloads = job.Payloads,
                Shape = new ClosedLoop(job.Concurrency),
                WarmUp = new WarmUpSettings(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1), job.Concurrency),
                Measure = job.Duration,
                Deadline = TimeSpan.FromSeconds(10),
                ArrivalSeed = 1,
                OrderSeed = 1,
                CheckAnswers = false,
                ClientCpus = cpus,
            },
            ct);
        var latencies = result.Samples.Rows.ToArray().Where(s => s.Outcome == Outcome.Success).Select(s => s.Service).Order().ToArray();
        if (latencies.Length == 0)
            throw new RunFailedException($"{Name} got no answer from the null server at {job.Target}", "Run it again on a quieter machine");
        return new ToolRun(latencies.Length, latencies.Length / result.WindowSeconds, result.Client.CpuSeconds,
            ToolComparison.Percentiles.ToDictionary(p => p, p => Quantiles.Seconds(latencies, p / 100)));
    }
}
