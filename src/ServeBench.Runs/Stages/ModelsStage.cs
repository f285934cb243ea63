using ServeBench.Domain.Models;
using ServeBench.Domain.Plans;
using ServeBench.Models.Store;
using ServeBench.Runs.Planning;

namespace ServeBench.Runs.Stages;

/// <summary>Prepares every model of a run, in every precision.</summary>
internal static class ModelsStage
{
    public static async Task<PreparedModels> RunAsync(RunSetup setup, CancellationToken cancellationToken)
    {
        var (services, asked) = (setup.Services, setup.Request);
        var models = new Dictionary<string, ModelArtifact>();
        var variants = new Dictionary<(string, string), ModelArtifact>();
        foreach (var name in WorkloadSelection.ModelsOf(services.Catalogue, asked, setup.Workloads))
        {
            var request = new ModelRequest { Weights = asked.Weights, Offline = asked.Offline };
            models[name] =
                await services.Models.PrepareAsync(services.Catalogue.Model(name), request, services.Observer, cancellationToken);
            foreach (var precision in asked.Precisions.Where(p => p != Precisions.Single))
                variants[(name, precision)] = await services.Models.PrepareAsync(
                    services.Catalogue.Model(name), request with { Precision = precision }, services.Observer, cancellationToken);
        }
        return new PreparedModels(models, variants);
    }
}

/// <summary>The prepared models of a run.</summary>
/// <param name="ByName">Each in single precision.</param>
/// <param name="Variants">The same in other precisions, by name and precision.</param>
internal sealed record PreparedModels(
    IReadOnlyDictionary<string, ModelArtifact> ByName, IReadOnlyDictionary<(string Model, string Precision), ModelArtifact> Variants)
{
    /// <summary>The model in the precision that a contender serves.</summary>
    public ModelArtifact Variant(ModelArtifact model, Contender contender) =>
        Variants.GetValueOrDefault((model.Model, contender.Stack.Precision), model);
}
