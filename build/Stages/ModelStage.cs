using System.Diagnostics;
using ServeBench.Build.Composition;
using ServeBench.Build.Listings;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Models;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.Store;

namespace ServeBench.Build.Stages;

/// <summary>Prepares models and shows what is there.</summary>
internal static class ModelStage
{
    private static readonly string[] Heading = ["model", "precision", "weights", "parameters", "size", "quality", "sha256", "took"];

    public static Task RunAsync(BuildContext context) => context.IsTarget("Models") ? ShowAsync(context) : PrepareAsync(context);

    /// <summary>On the way to something else: the models that it needs, and the one word that travels to every table.</summary>
    private static async Task PrepareAsync(BuildContext context)
    {
        foreach (var session in context.Sessions)
        {
            foreach (var model in (await session.ModelsAsync(context.Cancelled)).Values) context.Screen.Say(Words(model));
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
            foreach (var precision in options.Precisions ?? KnownPrecisions.Names)
            {
                var started = Stopwatch.GetTimestamp();
                var request = new ModelRequest { Weights = options.Weights, Precision = precision, Offline = options.Offline, Force = options.Force };
                var model = await context.Services.Models.PrepareAsync(catalogue.Model(name), request, context.Services.Observer, context.Cancelled);
                rows.Add([model.Model, model.Precision, model.Weights, $"{model.Parameters / 1e6:0.0} M", Size(model), Quality(model), model.Sha256[..12], $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s"]);
                models.Add(model);
            }
        }
        foreach (var line in Columns.Align(rows)) context.Screen.Say(line);
        foreach (var words in models.Select(Words).Distinct()) context.Screen.Say(words);
        if (options.Explain) foreach (var model in models) ModelExplanationListing.Show(model, context.Screen);
    }

    /// <summary>What a variant lost against fp32, over the reference inputs.</summary>
    private static string Quality(ModelArtifact model) =>
        ModelManifest.Read(model.Folder).Quality is { } quality ? $"cosine {quality.LeastCosine:0.000000}" : "exact";

    private static string Words(ModelArtifact model) => $"{model.Model}: {model.Weights} weights, because {model.WeightsReason}";

    private static string Size(ModelArtifact model) => $"{new FileInfo(Path.Combine(model.Folder, model.OnnxFile)).Length / 1e6:0.0} MB";
}
