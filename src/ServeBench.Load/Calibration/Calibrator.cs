using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;
using ServeBench.Domain.Workloads;
using ServeBench.Load.Encoding;

namespace ServeBench.Load.Calibration;

/// <summary>
/// Measures what a driver can do on this machine, and whether what it reports is true (method.md, rule 3): the highest
/// closed-loop rate and its CPU time, how late an open loop starts, and reported against planted latencies.
/// </summary>
public sealed class Calibrator(ILoadDriver driver, TimeProvider time)
{
    private const int MostKept = 1;

    /// <exception cref="RunFailedException">when the null server did not answer every request.</exception>
    public async Task<CalibrationRecord> MeasureAsync(CalibrationJob job, CancellationToken ct)
    {
        var started = time.GetUtcNow();
        var points = new List<CalibrationPoint>();
        var responseBytes = 0;
        foreach (var concurrency in job.Concurrency)
        {
            var result = (await LoadAsync(job, new ClosedLoop(concurrency), job.Payloads, ct))!;
            var requests = result.Samples.Count;
            points.Add(new CalibrationPoint(concurrency, requests / result.WindowSeconds, result.Client.CpuSeconds / requests));
            responseBytes = result.Samples[0].ResponseBytes;
        }
        // At a rate beyond its reach a driver is late for ever, and by how much says only how long was measured.
        var most = points.Max(p => p.RequestsPerSecond) / 2;
        var lateness = await HoldingAsync(Math.Min(job.LatenessRate, most), async rate =>
        {
            var result = await LoadAsync(job, new OpenLoop(ArrivalProcesses.Constant, rate), job.Payloads, ct);
            return result is null ? null : Lateness(rate, result.Samples);
        });
        return new CalibrationRecord
        {
            Fingerprint = job.Fingerprint,
            Driver = driver.Name,
            MeasuredByRun = job.Run,
            StartedUtc = started,
            RequestBytes = (int)Math.Round(job.Payloads.MeanBodyBytes),
            ResponseBytes = responseBytes,
            MaximumRequestsPerSecond = points.Max(p => p.RequestsPerSecond),
            Points = points,
            Lateness = lateness,
            WakeUp = WakeUpProbe.Measure(),
            Truth = await HoldingAsync(Math.Min(job.TruthRate, most), rate => TruthAsync(job, rate, ct)),
            ClientCpus = job.ClientCpus,
            ServerCpus = job.ServerCpus,
        };
    }

    /// <summary>What the driver reaches just now: a figure for each of some windows, in requests per second.</summary>
    /// <exception cref="RunFailedException">when the null server did not answer every request.</exception>
    public async Task<IReadOnlyList<double>> RatesAsync(CalibrationJob job, int windows, CancellationToken ct)
    {
        var rates = new List<double>();
        while (rates.Count < windows)
        {
            var result = (await LoadAsync(job, new ClosedLoop(CalibrationJob.CheckConcurrency), job.Payloads, ct))!;
            rates.Add(result.Samples.Count / result.WindowSeconds);
        }
        return rates;
    }

    /// <summary>Halves the rate until the driver drops no arrival: one that it cannot make says nothing of those that it can.</summary>
    /// <returns>Null when it could not even make a few per second.</returns>
    private static async Task<T?> HoldingAsync<T>(double rate, Func<double, Task<T?>> measureAsync)
        where T : class
    {
        const double Least = 10;
        for (; rate >= Least; rate /= 2)
            if (await measureAsync(Round(rate)) is { } held) return held;
        return null;
    }

    /// <returns>Null when the driver dropped arrivals, and nothing else went wrong.</returns>
    private async Task<LoadResult?> LoadAsync(CalibrationJob job, LoadShape shape, PayloadSet payloads, CancellationToken ct)
    {
        var result = await driver.RunAsync(
            new LoadJob
            {
                Target = job.NullServer,
                Payloads = payloads,
                Shape = shape,
                WarmUp = new WarmUpSettings(job.Measure / 8, job.Measure * 2, Concurrency: 4),
                Measure = job.Measure,
                Deadline = TimeSpan.FromSeconds(10),
                ArrivalSeed = job.Seed,
                OrderSeed = job.Seed,
                KeepAnswers = MostKept,
                CheckAnswers = false,
                ClientCpus = job.ClientCpus,
            },
            ct);
        var (failures, dropped) = Failures(result.Samples);
        if (dropped > 0 && failures == 0) return null;
        if (failures > 0 || result.Samples.Count == 0)
        {
            throw new RunFailedException(
                $"the null server at {job.NullServer} failed {failures:#,0} of {Plural.Of(result.Samples.Count, "request")} "
                    + $"under {shape.Title}"
                + (result.Disturbance is { } why ? $": {why}" : ""),
                "Run the calibration again on a quieter machine; if that does not help, report it: the driver or its null server is wrong");
        }
        return result;
    }

    private async Task<TruthCheck?> TruthAsync(CalibrationJob job, double rate, CancellationToken ct)
    {
        var planted =
            new PlantedLatencies(job.Payloads.Wire, job.NullServer, Math.Max(1, (int)(rate * job.Measure.TotalSeconds * 2)), job.Seed);
        var result = await LoadAsync(job, new OpenLoop(ArrivalProcesses.Poisson, rate), planted.Payloads, ct);
        return result is null ? null : planted.Compare(result.Samples, rate);
    }

    private static double Round(double rate) => double.Parse(rate.ToString("G2"));

    private static LatenessPoint Lateness(double rate, SampleTable samples)
    {
        var lags = new long[samples.Count];
        for (var i = 0; i < lags.Length; i++) lags[i] = samples[i].Lag;
        Array.Sort(lags);
        return new LatenessPoint(rate, Quantiles.Seconds(lags, 0.50), Quantiles.Seconds(lags, 0.99), Quantiles.Seconds(lags, 1));
    }

    private static (int Failures, int Dropped) Failures(SampleTable samples)
    {
        var (failures, dropped) = (0, 0);
        foreach (ref readonly var sample in samples.Rows)
        {
            if (sample.Outcome == Outcome.Dropped) dropped++;
            else if (sample.Outcome != Outcome.Success) failures++;
        }
        return (failures, dropped);
    }
}
