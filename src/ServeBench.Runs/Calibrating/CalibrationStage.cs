using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Load;
using ServeBench.Load.Calibration;
using ServeBench.Load.Wire;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Payloads;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Storing;
using ServeBench.Work;

namespace ServeBench.Runs.Calibrating;

/// <summary>Measures the load driver against the null server, unless that is known for this machine already.</summary>
internal sealed class CalibrationStage(
    BenchmarkServices services, Profile profile, SeedRecord seeds, Fingerprints fingerprints, ResultStore store)
{
    /// <param name="work">The kind of work.</param>
    /// <param name="driver">What is measured.</param>
    /// <param name="payloads">The requests to measure with.</param>
    /// <param name="model">The model whose answers the null server imitates in size.</param>
    /// <param name="protocol">How it is spoken to.</param>
    /// <param name="runId">The run that measures.</param>
    /// <param name="mayReuse">Whether what a run has measured may stand in for measuring again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<CalibrationRecord> MeasureAsync(
        WorkKind work,
        ILoadDriver driver,
        WorkloadPayloads payloads,
        ModelArtifact model,
        Protocol protocol,
        string runId,
        Func<string, bool> mayReuse,
        CancellationToken cancellationToken)
    {
        var answer = work.NullAnswer(model, payloads.Requests.Max(r => r.Items));
        var requestBytes = payloads.Requests.Max(r => r.Size);
        var fingerprint = fingerprints.Calibration(
            profile, driver.Fingerprint, NullServer.Fingerprint(services.NullServerProgram), protocol, requestBytes, answer);
        if (store.Calibration(fingerprint) is { } known && mayReuse(known.MeasuredByRun)) return known;

        using var step = services.Observer.Begin(
            $"Measuring the load driver{(driver == services.Drivers.Driver ? "" : $" {driver.Name}")} against a null server",
            12 * profile.Calibrate);
        using var held = MachineLock.Take();
        CpuAffinity.PinThisProcess(services.Cores.Client);
        var body = Path.Combine(services.ArtifactsFolder, "logs", "null-server-answer.json");
        AtomicFile.WriteText(body, answer);
        await using var server = await NullServer.StartAsync(
            services.NullServerProgram, [$"--body={body}", .. WireFormat.Of(protocol).NullServerArguments], services.Cores.Server,
            Path.Combine(services.ArtifactsFolder, "logs", "null-server.log"), cancellationToken);
        CpuAffinity.PinThisProcess(services.Cores.Client);
        var job = new CalibrationJob
        {
            NullServer = server.Endpoint,
            Payloads = payloads.Render(protocol, server.Endpoint),
            Measure = profile.Calibrate,
            Seed = seeds.Arrivals,
            ClientCpus = services.Cores.Client,
            ServerCpus = services.Cores.Server,
            Fingerprint = fingerprint,
            Run = runId,
        };
        CalibrationRecord record;
        try
        {
            record = await new Calibrator(driver, services.Time).MeasureAsync(job, cancellationToken);
        }
        catch (RunFailedException e) when (server.EndedBecause() is { } ended)
        {
            throw new RunFailedException(ended, "This is a fault of ServeBench itself; please report it", e);
        }
        // What it shows of a busy machine must not stand for later runs.
        if (record.Truth is null or { Holds: true }) store.Keep(record);
        else services.Observer.Warn(CalibrationWords.Wrong(record));
        return record;
    }
}
