using System.Diagnostics;
using ServeBench.Build.Composition;
using ServeBench.Build.Listings;
using ServeBench.Domain.Models;
using ServeBench.Models.Store;

namespace ServeBench.Build.Stages;

/// <summary>Prepares models and shows what is there.</summary>
internal static class ModelStage
{
    private static readonly string[] Heading =
        ["model", "precision", "weights", "source", "parameters", "size", "quality", "sha256", "took"];

    public static Task RunAsync(BuildContext context) => context.IsTarget("Models") ? ShowAsync(context) : PrepareAsync(context);

    /// <summary>On the way to something else: the models that it needs, and the word that travels to every table.</summary>
    private static async Task PrepareAsync(BuildContext context)
    {
        foreach (var session in context.Sessions)
        {
            SayWeights(context, (await session.ModelsAsync(context.Cancelled)).Values);
        }
    }

    private static async Task ShowAsync(BuildContext context)
    {
        var options = context.Options;
        var catalogue = context.Services.Catalogue;
        var names = options.Models ?? [.. catalogue.Models.Where(m => m.Groups.Any(options.Groups.Contains)).Select(m => m.Name)];
        var rows = new List<string[]> { Heading };
        var models = new List<ModelArtifact>();
        foreach (var name in names)
        {
            foreach (var precision in options.Precisions ?? context.Services.Models.PrecisionsOf(catalogue.Model(name)))
            {
                var started = Stopwatch.GetTimestamp();
                var request =
                    new ModelRequest { Weights = options.Weights, Precision = precision, Offline = options.Offline, Force = options.Force };
                var model = await context.Services.Models.PrepareAsync(
                    catalogue.Model(name), request, context.Services.Observer, context.Cancelled);
                rows.Add(Row(model, Stopwatch.GetElapsedTime(started)));
                models.Add(model);
            }
        }
        context.Screen.Table(rows, hasHeading: true);
        SayWeights(context, models);
        if (options.Explain) foreach (var model in models) ModelExplanationListing.Show(model, context.Screen);
    }

    private static string[] Row(ModelArtifact model, TimeSpan took)
    {
        var manifest = ModelManifest.Read(model.Folder);
        return
        [
            model.Model,
            model.Precision,
            model.Weights,
            Source(manifest.Source),
            $"{model.Parameters / 1e6:0.0} M",
            Size(manifest),
            model.QualityBrief ?? "exact",
            model.Sha256[..12],
            $"{took.TotalSeconds:0.00} s",
        ];
    }

    private static string Source(ManifestSource source) =>
        source.Seed is { } seed ? $"seed {seed}" : source.Package is { } package
            ? package
            : source.Revision is { } revision ? $"{source.Repository}@{revision[..8]}" : source.Repository;

    /// <summary>The graph, and its weights where they lie in a file of their own.</summary>
    private static string Size(ModelManifest manifest) =>
        $"{manifest.Files.Where(f => f.Name.StartsWith(manifest.OnnxFile, StringComparison.Ordinal)).Sum(f => f.Bytes) / 1e6:0.0} MB";

    /// <summary>Says which weights were taken and why, once for all models of which the same is true.</summary>
    private static void SayWeights(BuildContext context, IEnumerable<ModelArtifact> models)
    {
        foreach (var group in models.GroupBy(m => (m.Weights, m.WeightsReason)))
        {
            var names = string.Join(", ", group.Select(m => m.Model).Distinct());
            var isSubstitute = group.Key.Weights == WeightsSource.Seeded && context.Options.Weights == WeightsSource.Auto;
            if (isSubstitute)
                context.Screen.Warn(
                    $"{names}: seeded weights ({group.Key.WeightsReason}; --weights=pretrained and --weights=package insist)");
            else
                context.Screen.Say(
                    $"{names}: {(group.Key.Weights == WeightsSource.Package ? "trained" : group.Key.Weights)} weights "
                        + $"({group.Key.WeightsReason})");
        }
    }
}
