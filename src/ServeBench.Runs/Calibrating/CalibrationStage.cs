using ServeBench.Domain.Faults;
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

namespace ServeBench.Runs.Calibrating;

/// <summary>Measures the load driver against the null server, unless that is known for this machine already.</summary>
internal sealed class CalibrationStage(
    BenchmarkServices services, Profile profile, SeedRecord seeds, Fingerprints fingerprints, ResultStore store)
{
    /// <summary>Windows of a short check of the driver's rate: with three, their spread can be estimated.</summary>
    private const int CheckWindows = 3;

    /// <summary>The longest window of such a check; longer ones show no more of what else the machine does.</summary>
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(1);

    /// <param name="target">What the driver is measured with.</param>
    /// <param name="runId">The run that measures.</param>
    /// <param name="mayReuse">Whether what was measured before may be used instead of measuring again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<CalibrationRecord> MeasureAsync(
        CalibrationTarget target, string runId, Func<CalibrationRecord, bool> mayReuse, CancellationToken cancellationToken)
    {
        var fingerprint = Fingerprint(target);
        if (store.Calibration(fingerprint) is { } known && mayReuse(known)) return known;

        using var step = services.Observer.Begin(
            $"Measuring the load driver{(target.Driver == services.Drivers.Driver ? "" : $" {target.Driver.Name}")} against a null server",
            12 * profile.Calibrate);
        var record = await AgainstNullServerAsync(
            target,
            fingerprint,
            runId,
            profile.Calibrate,
            (calibrator, job) => calibrator.MeasureAsync(job, cancellationToken),
            cancellationToken);
        // What was measured on a busy machine must not be reused by later runs.
        if (record.Truth is null or { Holds: true }) store.Keep(record);
        else services.Observer.Warn(CalibrationWords.Wrong(record));
        return record;
    }

    /// <summary>The rate that the driver reaches now, in requests per second, for each of a few windows.</summary>
    public async Task<IReadOnlyList<double>> RatesAsync(CalibrationTarget target, string runId, CancellationToken cancellationToken)
    {
        var window = profile.Calibrate < LongestCheck ? profile.Calibrate : LongestCheck;
        return await AgainstNullServerAsync(
            target,
            Fingerprint(target),
            runId,
            window,
            (calibrator, job) => calibrator.RatesAsync(job, CheckWindows, cancellationToken),
            cancellationToken);
    }

    private string Fingerprint(CalibrationTarget target) => fingerprints.Calibration(
        profile,
        target.Driver.Fingerprint,
        NullServer.Fingerprint(services.NullServerProgram),
        target.Protocol,
        target.RequestBytes,
        target.Answer + string.Concat(target.EventArguments));

    private async Task<T> AgainstNullServerAsync<T>(
        CalibrationTarget target,
        string fingerprint,
        string runId,
        TimeSpan window,
        Func<Calibrator, CalibrationJob, Task<T>> measureAsync,
        CancellationToken cancellationToken)
    {
        using var held = MachineLock.Take();
        CpuAffinity.PinThisProcess(services.Cores.Client);
        var body = Path.Combine(services.ArtifactsFolder, "logs", "null-server-answer.json");
        AtomicFile.WriteText(body, target.Answer);
        await using var server = await NullServer.StartAsync(
            services.NullServerProgram,
            [$"--body={body}", .. WireFormat.Of(target.Protocol).NullServerArguments, .. target.EventArguments],
            services.Cores.Server,
            Path.Combine(services.ArtifactsFolder, "logs", "null-server.log"),
            cancellationToken);
        CpuAffinity.PinThisProcess(services.Cores.Client);
        var job = new CalibrationJob
        {
            NullServer = server.Endpoint,
            Payloads = target.Payloads.Render(target.Protocol, server.Endpoint),
            Measure = window,
            Seed = seeds.Arrivals,
            ClientCpus = services.Cores.Client,
            ServerCpus = services.Cores.Server,
            Fingerprint = fingerprint,
            Run = runId,
        };
        try
        {
            return await measureAsync(new Calibrator(target.Driver, services.Time), job);
        }
        catch (RunFailedException e) when (server.EndedBecause() is { } ended)
        {
            throw new RunFailedException(ended, "This is a fault of ServeBench itself; please report it", e);
        }
    }
}

/// <summary>What a driver is measured with: the largest requests and answers of a run.</summary>
/// <param name="Driver">What is measured.</param>
/// <param name="Payloads">The requests.</param>
/// <param name="Protocol">How the null server is spoken to.</param>
/// <param name="Answer">What it answers.</param>
/// <param name="Events">How often, where answers are streams.</param>
internal sealed record CalibrationTarget(ILoadDriver Driver, WorkloadPayloads Payloads, Protocol Protocol, string Answer, int Events)
{
    public IReadOnlyList<string> EventArguments { get; } =
        Events > 1 && WireFormat.Of(Protocol).HasEvents ? [$"--events={Events}"] : [];

    public int RequestBytes { get; } = Payloads.Requests.Max(r => r.Size);
}
