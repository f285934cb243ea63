using System.Diagnostics;
using ServeBench.Build.Composition;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Models;
using ServeBench.Models.Store;

namespace ServeBench.Build.Stages;

/// <summary>Prepares models and shows what is there.</summary>
internal static class ModelStage
{
    private static readonly string[] Heading = ["model", "weights", "parameters", "size", "sha256", "took"];

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
            var started = Stopwatch.GetTimestamp();
            var request = new ModelRequest { Weights = options.Weights, Offline = options.Offline, Force = options.Force };
            var model = await context.Services.Models.PrepareAsync(catalogue.Model(name), request, context.Services.Observer, context.Cancelled);
            rows.Add([model.Model, model.Weights, $"{model.Parameters / 1e6:0.0} M", Size(model), model.Sha256[..12], $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s"]);
            models.Add(model);
        }
        foreach (var line in Columns.Align(rows)) context.Screen.Say(line);
        foreach (var model in models) context.Screen.Say(Words(model));
    }

    private static string Words(ModelArtifact model) => $"{model.Model}: {model.Weights} weights, because {model.WeightsReason}";

    private static string Size(ModelArtifact model) => $"{new FileInfo(Path.Combine(model.Folder, model.OnnxFile)).Length / 1e6:0.0} MB";
}
