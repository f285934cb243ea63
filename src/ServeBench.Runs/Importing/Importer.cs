using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Runs.Importing.Readers;

namespace ServeBench.Runs.Importing;

/// <summary>Brings what another tool has measured into a run's folder, so that its report shows it beside the run's own.</summary>
public static class Importer
{
    /// <summary>Reads files and writes the record.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="files">Several only as raw CSV of k6, from runners that shared one load.</param>
    /// <param name="name">What the user calls it; a record of exactly that name is replaced, and reported.</param>
    /// <param name="now">When it is imported.</param>
    /// <exception cref="FaultException">when a file is missing or of no known format, or the name is none; all at once.</exception>
    /// <exception cref="RunFailedException">when a file is damaged or holds nothing, or the runners never loaded at the same
    /// time.</exception>
    public static Imported Import(RunFolder folder, IReadOnlyList<string> files, string name, DateTimeOffset now)
    {
        var record = Read(files, name) with
        {
            Files = [.. files.Select(f => new ImportedFile(Path.GetFileName(f), ContentHash.OfFile(f)))],
            ImportedUtc = now,
        };
        var replaced = folder.ReadImported().FirstOrDefault(r => r.Case == name);
        var file = Path.Combine(folder.Imported, $"{FileNames.Of(name)}.json");
        RunFolder.WriteJson(file, record, DomainJson.Readable.ImportedRecord);
        // Records of earlier versions have other file names.
        foreach (var other in Directory.EnumerateFiles(folder.Imported, "*.json").Where(f => f != file).ToArray())
            if (RunFolder.ReadJson(other, DomainJson.Readable.ImportedRecord).Case == name) File.Delete(other);
        return new Imported(record, replaced);
    }

    /// <summary>What files hold, without writing anything down.</summary>
    internal static ImportedRecord Read(IReadOnlyList<string> files, string name)
    {
        var (reader, opened) = Open(files, name);
        var contents = opened.Select(f => f.Guarded(() => reader.Read(f))).ToArray();
        var record = contents[0] is ImportedSummary summary
            ? SummaryRecord.Of(summary)
            : RequestRecord.Of([.. contents.Cast<ImportedRequests>()], opened);
        return record with
        {
            Case = name,
            Source = reader.Source,
            Remarks = [.. opened.SelectMany(f => f.Remarks).Distinct(), .. record.Remarks],
        };
    }

    private static (IImportReader Reader, ImportFile[] Files) Open(IReadOnlyList<string> files, string name)
    {
        var faults = new FaultList();
        if (string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
            faults.Add(
                new Fault(
                    "--as",
                    null,
                    null,
                    "the name is empty, or has characters in it that cannot be shown",
                    "For example --as=mixed-length/production"));
        var known = new List<(IImportReader Reader, ImportFile File)>();
        foreach (var path in files)
        {
            try
            {
                var file = new ImportFile(path);
                known.Add((ImportReaders.Of(file), file));
            }
            catch (FaultException e)
            {
                foreach (var fault in e.Faults) faults.Add(fault);
            }
        }
        if (files.Count > 1 && known.Exists(k => k.Reader is not K6CsvReader))
            faults.Add(
                new Fault(
                    "--from",
                    null,
                    null,
                    "several files can only be the raw CSV of k6 runners that shared one load",
                    "Import other files one by one, each with its own --as"));
        if (files.Count > 1 && files.Where(File.Exists).GroupBy(ContentHash.OfFile).FirstOrDefault(g => g.Count() > 1) is { } same)
            faults.Add(
                new Fault(
                    "--from",
                    null,
                    null,
                    $"{string.Join(" and ", same)} hold the same: its requests would count twice",
                    "Give the file of each runner once"));
        faults.ThrowIfAny();
        return (known[0].Reader, [.. known.Select(k => k.File)]);
    }
}

/// <param name="Record">What is stored now.</param>
/// <param name="Replaced">What was stored under that name before; null when there was nothing.</param>
public sealed record Imported(ImportedRecord Record, ImportedRecord? Replaced);
