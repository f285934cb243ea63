using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;

namespace ServeBench.Domain.Storage;

/// <summary>
/// The folder of one run, reports/runs/&lt;utc&gt;-&lt;group&gt;: all that a report needs, so that it can be rendered again
/// anywhere. Layout: manifest.json, calibration.json, ceilings/*.json, deployments/*.json with logs beside them,
/// trials/**.json with a .samples file beside each (.samples.gz in a published run); report files and charts are written there by Reports.
/// </summary>
public sealed class RunFolder(string path)
{
    public string Path { get; } = path;

    public string Id => System.IO.Path.GetFileName(Path);

    public string ManifestFile => System.IO.Path.Combine(Path, "manifest.json");

    public string CalibrationFile => System.IO.Path.Combine(Path, "calibration.json");

    /// <summary>Of the second driver, in a run that has two.</summary>
    public string SecondCalibrationFile => System.IO.Path.Combine(Path, "calibration-second.json");

    public string Ceilings => System.IO.Path.Combine(Path, "ceilings");

    public string Deployments => System.IO.Path.Combine(Path, "deployments");

    public string Trials => System.IO.Path.Combine(Path, "trials");

    /// <summary>Results of other tools, brought in afterwards.</summary>
    public string Imported => System.IO.Path.Combine(Path, "imported");

    public string Charts => System.IO.Path.Combine(Path, "charts");

    public RunManifest ReadManifest() => ReadJson(ManifestFile, DomainJson.Readable.RunManifest);

    /// <returns>Null when the driver was not calibrated.</returns>
    public CalibrationRecord? ReadCalibration() =>
        File.Exists(CalibrationFile) ? ReadJson(CalibrationFile, DomainJson.Readable.CalibrationRecord) : null;

    /// <returns>Null when there was no second driver.</returns>
    public CalibrationRecord? ReadSecondCalibration() =>
        File.Exists(SecondCalibrationFile) ? ReadJson(SecondCalibrationFile, DomainJson.Readable.CalibrationRecord) : null;

    public IReadOnlyList<CeilingRecord> ReadCeilings() => ReadAll(Ceilings, DomainJson.Readable.CeilingRecord);

    public IReadOnlyList<DeploymentRecord> ReadDeployments() => ReadAll(Deployments, DomainJson.Readable.DeploymentRecord);

    public IReadOnlyList<ImportedRecord> ReadImported() => ReadAll(Imported, DomainJson.Readable.ImportedRecord);

    /// <summary>Reads one planned trial; null when it has not been measured.</summary>
    public TrialRecord? ReadTrial(PlannedTrial planned)
    {
        var file = System.IO.Path.Combine(Path, planned.File);
        return File.Exists(file) ? ReadJson(file, DomainJson.Readable.TrialRecord) : null;
    }

    /// <summary>Reads the samples beside a trial record.</summary>
    /// <exception cref="RunFailedException">when the file is missing or damaged.</exception>
    public SampleTable ReadSamples(PlannedTrial planned)
    {
        var file = SamplesFileOf(System.IO.Path.Combine(Path, planned.File));
        try
        {
            using var stream = OpenSamples(file);
            return SampleFile.Read(stream);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new RunFailedException(
                $"{file} cannot be read: {e.Message}",
                "Delete that file and the .json beside it, and run the same command again to measure it again",
                e);
        }
    }

    /// <summary>The sample file that belongs to a trial record's file.</summary>
    public static string SamplesFileOf(string trialFile) => System.IO.Path.ChangeExtension(trialFile, ".samples");

    /// <summary>As <see cref="SamplesFileOf"/>, but in gzip: how a published run holds its samples.</summary>
    public static string PackedSamplesFileOf(string trialFile) => $"{SamplesFileOf(trialFile)}.gz";

    /// <summary>Lower-case SHA-256 of the samples beside a trial record, as they were before they were packed.</summary>
    public string SamplesSha256(PlannedTrial planned)
    {
        using var stream = OpenSamples(SamplesFileOf(System.IO.Path.Combine(Path, planned.File)));
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>The samples themselves, else those of a published run, unpacked.</summary>
    private static Stream OpenSamples(string file)
    {
        var packed = $"{file}.gz";
        // Columns are read in pieces, by turns: a buffer of the stream's own would be thrown away at each.
        if (File.Exists(file) || !File.Exists(packed))
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var zip = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
        var samples = new MemoryStream();
        zip.CopyTo(samples);
        samples.Position = 0;
        return samples;
    }

    public static T ReadJson<T>(string file, JsonTypeInfo<T> type)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize(stream, type) ?? throw new JsonException("the file holds null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException(
                $"{file} cannot be read: {e.Message}", "Delete it and run the same command again to make it again", e);
        }
    }

    public static void WriteJson<T>(string file, T value, JsonTypeInfo<T> type) =>
        AtomicFile.WriteText(file, JsonSerializer.Serialize(value, type) + "\n");

    private static T[] ReadAll<T>(string folder, JsonTypeInfo<T> type) =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(f => ReadJson(f, type))]
            : [];
}
