using ServeBench.Domain.Trials;
using ServeBench.Load;
using ServeBench.Load.Calibration;
using ServeBench.Runs.Calibrating;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Storing;

namespace ServeBench.Runs.Stages;

/// <summary>Sees what state the machine is in, and measures the driver against the null server, unless that is known for it.</summary>
internal sealed class DriverStage(RunSetup setup, PreparedModels models, StackSelection stacks)
{
    /// <summary>How long the machine is watched while nothing of this program runs.</summary>
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(1);

    private readonly CalibrationStage _stage =
        new(setup.Services, setup.Profile, setup.Seeds, setup.Fingerprints, setup.Store);

    /// <summary>The conditions under which this start of the program measures.</summary>
    public async Task<ConditionsRecord> ConditionsAsync(CancellationToken cancellationToken)
    {
        var services = setup.Services;
        using var step = services.Observer.Begin("Looking at the state of the machine", Watch);
        var read = services.Time.GetUtcNow();
        IReadOnlyList<int>[] groups =
            setup.Host.Elsewhere is null ? [services.Cores.Client, services.Cores.Server] : [services.Cores.Client];
        var busy = await Task.WhenAll(groups.Select(cpus => services.MachineState.BusyAsync(cpus, Watch, cancellationToken)));
        return new ConditionsRecord
        {
            ReadUtc = read,
            Boot = services.MachineState.Boot,
            BackgroundBusy = busy.Max(),
            DriverRates = await _stage.RatesAsync(Target(services.Drivers.Driver), setup.NewRunId, cancellationToken),
        };
    }

    /// <summary>What a driver can do; what was measured of the first one while the machine was in another state does not count.</summary>
    public Task<CalibrationRecord> CalibrateAsync(ILoadDriver driver, ConditionsRecord now, CancellationToken cancellationToken) =>
        _stage.MeasureAsync(
            Target(driver),
            setup.NewRunId,
            known => setup.MayReuse(known.MeasuredByRun) && (driver != setup.Services.Drivers.Driver || Agrees(known, now)),
            cancellationToken);

    private static bool Agrees(CalibrationRecord known, ConditionsRecord now) =>
        known.Points.FirstOrDefault(p => p.Concurrency == CalibrationJob.CheckConcurrency) is { } point
        && SameConditions.DriverDifference([point.RequestsPerSecond], now.DriverRates) is null;

    /// <summary>The largest requests and answers of the run: what the driver can do with those, it can do with all.</summary>
    private CalibrationTarget Target(ILoadDriver driver)
    {
        var (workload, model, payloads) = (
            from pair in setup.Pairs(models)
            select (pair.Workload, pair.Model, Payloads: setup.Drawn.Of(pair.Workload, pair.Model))).MaxBy(
                p => p.Payloads.Requests.Max(r => r.Size));
        return new CalibrationTarget(
            driver,
            payloads,
            Planner.ProtocolFor(setup.Services.Catalogue, workload, stacks.Contenders[0]),
            setup.Work.NullAnswer(model, payloads.Requests.Max(r => r.Items)),
            setup.Work.NullEvents(payloads.Requests));
    }
}
