using ServeBench.Domain.Trials;
using ServeBench.Load;
using ServeBench.Runs.Calibrating;
using ServeBench.Runs.Planning;

namespace ServeBench.Runs.Stages;

/// <summary>Measures the driver against the null server, unless that is known for this machine already.</summary>
internal static class DriverStage
{
    public static async Task<CalibrationRecord> RunAsync(
        RunSetup setup, ILoadDriver driver, PreparedModels models, StackSelection stacks, CancellationToken cancellationToken)
    {
        // Against the largest requests and answers of the run: what the driver can do with those, it can do with all.
        var (workload, model, payloads) = (
            from pair in setup.Pairs(models)
            select (pair.Workload, pair.Model, Payloads: setup.Drawn.Of(pair.Workload, pair.Model))).MaxBy(
                p => p.Payloads.Requests.Max(r => r.Size));
        var protocol = Planner.ProtocolFor(setup.Services.Catalogue, workload, stacks.Contenders[0]);
        var stage = new CalibrationStage(setup.Services, setup.Profile, setup.Seeds, setup.Fingerprints, setup.Store);
        return await stage.MeasureAsync(setup.Work, driver, payloads, model, protocol, setup.NewRunId, setup.MayReuse, cancellationToken);
    }
}
