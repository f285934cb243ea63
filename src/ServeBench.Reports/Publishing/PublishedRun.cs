using System.IO.Compression;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;

namespace ServeBench.Reports.Publishing;

/// <summary>
/// A run as it is published: its records without paths of the machine, its samples packed, and the report that these give. It can be
/// rendered and compared like any other run; logs, scripts and the interactive report stay with the run.
/// </summary>
public static class PublishedRun
{
    /// <summary>Publishes a run whose report is written.</summary>
    /// <param name="run">The run.</param>
    /// <param name="target">Where to; what an earlier publishing of the same run left there is replaced.</param>
    /// <param name="paths">What is not to be published.</param>
    /// <param name="cancellationToken">Stops the rendering.</param>
    /// <exception cref="FaultException">when the run itself, another run, or something else is there; nothing has changed.</exception>
    public static void Write(RunFolder run, string target, MachinePaths paths, CancellationToken cancellationToken = default)
    {
        var published = new RunFolder(target);
        var manifest = run.ReadManifest();
        if (WithoutLinks(target) == WithoutLinks(run.Path))
            throw new FaultException(new Fault(
                "--publish",
                null,
                null,
                $"{target} is the folder of the run that is to be published ({run.Path}), and would be emptied first",
                "Choose another name; to render a published run again, leave --publish out"));
        MakeRoom(published, manifest);
        foreach (var file in Records(run, manifest)) Copy(run, file, target, paths);
        foreach (var trial in manifest.Trials) Pack(Path.Combine(run.Path, trial.File), Path.Combine(target, trial.File));
        ReportWriter.WriteToPublish(published, cancellationToken);
    }

    private static void MakeRoom(RunFolder published, RunManifest manifest)
    {
        if (!Directory.Exists(published.Path)) return;
        if (!File.Exists(published.ManifestFile) || published.ReadManifest().Id is var id && id != manifest.Id)
            throw new FaultException(new Fault(
                "--publish",
                null,
                null,
                $"{published.Path} holds {(File.Exists(published.ManifestFile) ? "another run" : "something else")}",
                "Choose another name"));
        Directory.Delete(published.Path, recursive: true);
    }

    /// <summary>A path in full, with no link in any of its folders: two of these are equal exactly where they lead to one folder.</summary>
    private static string WithoutLinks(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent) return full;
        var folder = new DirectoryInfo(Path.Combine(WithoutLinks(parent), Path.GetFileName(full)));
        return folder.Exists && folder.ResolveLinkTarget(returnFinalTarget: true) is { } target
            ? WithoutLinks(target.FullName)
            : folder.FullName;
    }

    /// <summary>Everything that a report is computed from, but for samples.</summary>
    private static IEnumerable<string> Records(RunFolder run, RunManifest manifest)
    {
        string[] single = [run.ManifestFile, run.CalibrationFile, run.SecondCalibrationFile];
        var folders = ((string[])[run.Ceilings, run.Deployments, run.Imported])
            .Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*.json"));
        return single.Concat(folders).Concat(manifest.Trials.Select(t => Path.Combine(run.Path, t.File))).Where(File.Exists);
    }

    private static void Copy(RunFolder run, string file, string target, MachinePaths paths) => AtomicFile.WriteText(
        Path.Combine(target, Path.GetRelativePath(run.Path, file)), paths.RemoveFrom(File.ReadAllText(file)));

    private static void Pack(string trial, string target)
    {
        var samples = RunFolder.SamplesFileOf(trial);
        if (!File.Exists(samples))
        {
            // A run that was published already has them packed.
            samples = RunFolder.PackedSamplesFileOf(trial);
            if (File.Exists(samples)) AtomicFile.Write(RunFolder.PackedSamplesFileOf(target), s => s.Write(File.ReadAllBytes(samples)));
            return;
        }
        AtomicFile.Write(RunFolder.PackedSamplesFileOf(target), stream =>
        {
            using var zip = new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true);
            zip.Write(File.ReadAllBytes(samples));
        });
    }
}
