using System.Text.Json.Serialization.Metadata;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Storing;

/// <summary>
/// Everything that was ever measured in this checkout, by fingerprint, so that no run measures again what another has. Files
/// are written whole or not at all; a damaged one counts as absent and is measured again.
/// </summary>
/// <param name="folder">Where it lies: <c>artifacts/results</c>.</param>
public sealed class ResultStore(string folder)
{
    public TrialRecord? Trial(string fingerprint)
    {
        var file = TrialFile(fingerprint);
        if (Read(file, DomainJson.Readable.TrialRecord) is not { } record) return null;
        var samples = RunFolder.SamplesFileOf(file);
        var whole = record.Schema == TrialRecord.CurrentSchema && record.Fingerprint == fingerprint
            && File.Exists(samples) && ContentHash.OfFile(samples) == record.SamplesSha256;
        return whole ? record : null;
    }

    /// <summary>Stores a trial: samples first, so that a record never exists without them.</summary>
    public void Keep(TrialRecord record, byte[] samples)
    {
        var file = TrialFile(record.Fingerprint);
        AtomicFile.Write(RunFolder.SamplesFileOf(file), stream => stream.Write(samples));
        RunFolder.WriteJson(file, record, DomainJson.Readable.TrialRecord);
    }

    /// <summary>Path of a trial's record; its samples lie beside it.</summary>
    public string TrialFile(string fingerprint) => Path.Combine(folder, "trials", fingerprint[..2], $"{fingerprint}.json");

    /// <param name="id">A deployment's id: several deployments can share a fingerprint when a run was interrupted.</param>
    public DeploymentRecord? Deployment(string id) => Read(DeploymentFile(id), DomainJson.Readable.DeploymentRecord);

    public void Keep(DeploymentRecord record) =>
        RunFolder.WriteJson(DeploymentFile(record.Id), record, DomainJson.Readable.DeploymentRecord);

    public CeilingRecord? Ceiling(string fingerprint) => Read(CeilingFile(fingerprint), DomainJson.Readable.CeilingRecord);

    /// <summary>As above, but as one certain run has measured it, whichever measured it last.</summary>
    public CeilingRecord? Ceiling(string fingerprint, string run) =>
        Read(CeilingFile($"{fingerprint}.{run}"), DomainJson.Readable.CeilingRecord);

    /// <summary>
    /// Stores a ceiling as the latest, and for good as that of its run: the run's trials are related to it as long as they are
    /// used.
    /// </summary>
    public void Keep(CeilingRecord record)
    {
        RunFolder.WriteJson(CeilingFile($"{record.Fingerprint}.{record.MeasuredByRun}"), record, DomainJson.Readable.CeilingRecord);
        RunFolder.WriteJson(CeilingFile(record.Fingerprint), record, DomainJson.Readable.CeilingRecord);
    }

    public CalibrationRecord? Calibration(string fingerprint) => Read(CalibrationFile(fingerprint), DomainJson.Readable.CalibrationRecord);

    public void Keep(CalibrationRecord record) =>
        RunFolder.WriteJson(CalibrationFile(record.Fingerprint), record, DomainJson.Readable.CalibrationRecord);

    private string DeploymentFile(string id) => Path.Combine(folder, "deployments", $"{id}.json");

    private string CeilingFile(string fingerprint) => Path.Combine(folder, "ceilings", $"{fingerprint}.json");

    private string CalibrationFile(string fingerprint) => Path.Combine(folder, "calibrations", $"{fingerprint}.json");

    private static T? Read<T>(string file, JsonTypeInfo<T> type)
        where T : class
    {
        if (!File.Exists(file)) return null;
        try
        {
            return RunFolder.ReadJson(file, type);
        }
        catch (Domain.Faults.RunFailedException)
        {
            return null; // unreadable is as good as absent: it is measured again and replaced
        }
    }
}
