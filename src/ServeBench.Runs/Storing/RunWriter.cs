using ServeBench.Domain.Plans;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Storing;

/// <summary>Fills the folder of one run with what the store holds, so that the folder is whole by itself.</summary>
public sealed class RunWriter(RunFolder folder, ResultStore store)
{
    public RunFolder Folder { get; } = folder;

    /// <summary>
    /// Where a case's record lies in the folder, relative to it; the catalogue's names are safe by themselves, and unique without
    /// case.
    /// </summary>
    public static string TrialFile(Case one) =>
        $"trials/{one.Contender.FileName}/{one.Model.Model}/{one.Workload.Name}/"
            + FileNames.Of([one.Scenario.Name, one.Shape.Id, .. one.IsDriverCheck ? ["second-driver"] : (string[])[]])
            + $"/trial-{one.Trial}.json";

    public bool Has(Case one) =>
        File.Exists(Path.Combine(Folder.Path, TrialFile(one)))
        && RunFolder.ReadJson(Path.Combine(Folder.Path, TrialFile(one)), DomainJson.Readable.TrialRecord).Fingerprint == one.Fingerprint;

    /// <summary>Copies a stored trial, and the record of the deployment it was measured on.</summary>
    public void Add(Case one, TrialRecord record)
    {
        var stored = store.TrialFile(record.Fingerprint);
        var file = Path.Combine(Folder.Path, TrialFile(one));
        var samples = File.ReadAllBytes(RunFolder.SamplesFileOf(stored));
        AtomicFile.Write(RunFolder.SamplesFileOf(file), stream => stream.Write(samples));
        RunFolder.WriteJson(file, record, DomainJson.Readable.TrialRecord);
        if (store.Deployment(record.DeploymentId) is { } deployment) Add(deployment);
    }

    /// <summary>
    /// Forgets earlier attempts at a deployment that did not start, since it is tried again. One that gave wrong answers is not
    /// forgotten: right answers the next time would be luck.
    /// </summary>
    public void RemoveFailedDeployments(string fingerprint) =>
        RemoveDeployments(d => d.Fingerprint == fingerprint && d.Failure is not null);

    /// <summary>Forgets earlier deployments in whose place others are measured; wrong answers are not forgotten.</summary>
    public void RemoveDeployments(Func<DeploymentRecord, bool> which)
    {
        foreach (var record in Folder.ReadDeployments().Where(d => d.Parity is not { Passed: false } && which(d)))
            File.Delete(Path.Combine(Folder.Deployments, $"{record.Id}.json"));
    }

    public void Add(DeploymentRecord record) =>
        RunFolder.WriteJson(Path.Combine(Folder.Deployments, $"{record.Id}.json"), record, DomainJson.Readable.DeploymentRecord);

    public void Add(CeilingRecord record) =>
        RunFolder.WriteJson(
            Path.Combine(Folder.Ceilings, $"{FileNames.Of(record.Model, record.Workload)}-{record.Trial}.json"),
            record,
            DomainJson.Readable.CeilingRecord);

    /// <summary>Adds the ceiling that another run measured beside trials that this one reuses.</summary>
    public void AddOfAnotherRun(CeilingRecord record) =>
        RunFolder.WriteJson(
            Path.Combine(Folder.Ceilings, $"{FileNames.Of(record.Model, record.Workload)}-{record.Trial}-{record.MeasuredByRun}.json"),
            record,
            DomainJson.Readable.CeilingRecord);

    /// <param name="record">The driver's.</param>
    /// <param name="second">The second driver's; null where there is none.</param>
    public void Add(CalibrationRecord record, CalibrationRecord? second)
    {
        RunFolder.WriteJson(Folder.CalibrationFile, record, DomainJson.Readable.CalibrationRecord);
        if (second is not null) RunFolder.WriteJson(Folder.SecondCalibrationFile, second, DomainJson.Readable.CalibrationRecord);
    }

    public void Write(RunManifest manifest) => RunFolder.WriteJson(Folder.ManifestFile, manifest, DomainJson.Readable.RunManifest);
}
