using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;

namespace ServeBench.Reports.Comparing;

/// <summary>One of two runs that are compared.</summary>
/// <param name="Results">Computed from its folder, or read from a published results.json.</param>
/// <param name="Manifest">Null where results.json was published without a manifest.json beside it: then the machine is not known.</param>
public sealed record ComparedRun(RunResults Results, RunManifest? Manifest)
{
    public string Id => Results.Run.Id;

    /// <summary>The run in a folder: evaluated again where its trials are there, else as its results.json says.</summary>
    /// <exception cref="RunFailedException">when a file is damaged or missing.</exception>
    public static ComparedRun Of(RunFolder folder, CancellationToken cancellation = default) =>
        Directory.Exists(folder.Trials) || !File.Exists(Path.Combine(folder.Path, "results.json"))
            ? new ComparedRun(RunEvaluator.Evaluate(folder, cancellation), folder.ReadManifest())
            : OfFile(Path.Combine(folder.Path, "results.json"));

    /// <summary>A results.json, with the manifest.json beside it if that is the same run's.</summary>
    /// <exception cref="FaultException">when it is no results.json of this schema.</exception>
    public static ComparedRun OfFile(string file)
    {
        RunResults results;
        try
        {
            results = ResultsJson.Read(File.ReadAllText(file));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new FaultException(new Fault(file, null, null,
                $"this is no results.json that can be read: {e.Message}", "Name a run, or the results.json of a report"));
        }
        if (results.Schema != RunResults.CurrentSchema)
            throw new FaultException(new Fault(file, null, null,
                $"its schema is {results.Schema}, and only {RunResults.CurrentSchema} can be compared",
                "Render its report again from the run's folder with --target=Report"));
        var beside = new RunFolder(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var manifest = File.Exists(beside.ManifestFile) ? beside.ReadManifest() : null;
        return new ComparedRun(results, manifest?.Id == results.Run.Id ? manifest : null);
    }
}
