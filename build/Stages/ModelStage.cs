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

    public static async Task RunAsync(BuildContext context)
    {
        var options = context.Options;
        var catalogue = context.Services.Catalogue;
        var names = options.Models ?? [.. catalogue.Models.Where(m => m.Groups.Any(options.Groups.Contains)).Select(m => m.Name)];
        var store = new ModelStore(context.Services.Paths.Models, context.Services.Paths.NodeModules);
        var rows = new List<string[]> { Heading };
        var reasons = new List<string>();
        foreach (var name in names)
        {
            var started = Stopwatch.GetTimestamp();
            var request = new ModelRequest { Weights = options.Weights, Offline = options.Offline };
            var model = await store.PrepareAsync(catalogue.Model(name), request, context.Services.Observer, context.Cancelled);
            rows.Add([model.Model, model.Weights, $"{model.Parameters / 1e6:0.0} M", Size(model), model.Sha256[..12], $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s"]);
            reasons.Add($"{model.Model} has {model.Weights} weights: {model.WeightsReason}");
        }
        foreach (var line in Columns.Align(rows)) context.Screen.Say(line);
        foreach (var reason in reasons.Distinct()) context.Screen.Say(reason);
    }

    private static string Size(ModelArtifact model) => $"{new FileInfo(Path.Combine(model.Folder, model.OnnxFile)).Length / 1e6:0.0} MB";
}
