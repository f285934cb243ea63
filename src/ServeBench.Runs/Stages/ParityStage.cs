using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Runs.Deploying;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Storing;

namespace ServeBench.Runs.Stages;

/// <summary>Deploys every stack once and compares its answers with the references, without any load.</summary>
internal static class ParityStage
{
    public static async Task<IReadOnlyList<DeploymentRecord>> RunAsync(
        RunSetup setup, PreparedModels models, StackSelection stacks, CancellationToken cancellationToken)
    {
        var services = setup.Services;
        var records = new List<DeploymentRecord>();
        using var held = MachineLock.Take();
        foreach (var contender in stacks.Contenders.Where(c => !c.IsTwin))
        {
            foreach (var model in models.ByName.Values)
            {
                using var step = services.Observer.Begin($"Verifying {contender.Label} with {model.Model}");
                var id = $"verify.{contender.FileName}_.{FileNames.Of(model.Model)}";
                var protocols = from pair in setup.Pairs(models)
                    where pair.Model == model
                    select Planner.ProtocolFor(services.Catalogue, pair.Workload, contender);
                var order = new DeployOrder(
                    id,
                    "",
                    contender,
                    setup.Work,
                    models.Variant(model, contender),
                    [.. protocols.DistinctBy(p => p.Name)],
                    0,
                    setup.NewRunId,
                    Path.Combine(services.ArtifactsFolder, "logs", $"{id}.log"));
                var (ready, record) = await setup.NewDeployer().DeployAsync(order, cancellationToken);
                if (ready is not null) record = record with { Stop = await ready.StopAsync() };
                records.Add(record);
            }
        }
        return records;
    }
}
