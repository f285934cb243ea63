using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Importing;

/// <summary>Brings what another tool has measured into a run's folder, so that its report shows it beside the run's own.</summary>
public static class Importer
{
    /// <summary>Reads files and writes the record.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="files">Several only as raw output of k6, from runners that shared one load.</param>
    /// <param name="name">What the user calls it; a record of that name is replaced.</param>
    /// <param name="now">When it is imported.</param>
    /// <exception cref="FaultException">when a file is missing or of no known format.</exception>
    /// <exception cref="RunFailedException">when a file is damaged, or the runners never loaded at the same time.</exception>
    public static ImportedRecord Import(RunFolder folder, IReadOnlyList<string> files, string name, DateTimeOffset now)
    {
        var formats = files.Select(ImportFormat.Of).ToArray();
        var format = formats[0];
        if (files.Count > 1 && formats.Any(f => f.Source != format.Source || f != ImportFormat.K6Csv))
            throw new FaultException(new Fault("--from", null, null, "several files can only be the raw CSV of k6 runners that shared one load", "Import other files one by one, each with its own --as"));
        var record = format == ImportFormat.Locust ? Of(ImportedSummary.OfLocust(files[0]))
            : format == ImportFormat.K6Summary ? Of(ImportedSummary.OfK6(files[0]))
            : Of(files.Select(f => Read(format, f)).ToArray(), files);
        record = record with
        {
            Case = name,
            Source = format.Source,
            Files = [.. files.Select(f => new ImportedFile(Path.GetFileName(f), ContentHash.OfFile(f)))],
            ImportedUtc = now,
        };
        RunFolder.WriteJson(Path.Combine(folder.Imported, $"{Slug(name)}.json"), record, DomainJson.Readable.ImportedRecord);
        return record;
    }

    private static ImportedRequests Read(ImportFormat format, string file) =>
        format == ImportFormat.K6Csv ? K6Import.OfCsv(file)
        : format == ImportFormat.Hey ? TableImport.OfHey(file)
        : format == ImportFormat.Ab ? TableImport.OfAb(file)
        : K6Import.OfPoints(file);

    private static ImportedRecord Of(ImportedSummary summary) => Empty with
    {
        Requests = summary.Requests,
        Failures = summary.Failures,
        RequestsPerSecond = summary.RequestsPerSecond,
        Service = summary.Service,
        Remarks = [.. summary.Remarks],
    };

    /// <summary>Pools what several runners have seen while all of them loaded: samples together, so rates add up.</summary>
    private static ImportedRecord Of(ImportedRequests[] runners, IReadOnlyList<string> files)
    {
        for (var i = 0; i < runners.Length; i++)
            if (runners[i].Requests.Count == 0) throw new RunFailedException($"{files[i]} holds no requests", "Give a file of a run that has made some");
        var remarks = runners.SelectMany(r => r.Remarks).Distinct().ToList();
        var window = Window(runners, remarks);
        if (window is { } w && w.Until <= w.From)
            throw new RunFailedException("the runners never loaded at the same time, so they did not share one load", "Give the files of runners that were started together, on machines whose clocks agree");
        var requests = runners.SelectMany(r => r.Requests).Where(r => window is not { } inside || r.Sent >= inside.From && r.Sent < inside.Until).ToArray();
        var good = requests.Where(r => r.Failed != true).ToArray();
        var seconds = window is { } length ? (length.Until - length.From) / 1e9 : (double?)null;
        if (runners.Length > 1) remarks.Add($"{runners.Length} runners: their requests are pooled, over the time in which all of them loaded");
        return Empty with
        {
            Requests = requests.Length,
            Failures = requests.All(r => r.Failed is not null) ? requests.Count(r => r.Failed == true) : null,
            Dropped = Array.Exists(runners, r => r.Dropped is not null) ? runners.Sum(r => r.Dropped ?? 0) : null,
            WindowSeconds = seconds,
            RequestsPerSecond = good.Length / seconds,
            Service = Latencies.Of(good.Select(r => r.Duration)),
            EndToEnd = Latencies.Of(runners.SelectMany(r => r.FromSchedule)),
            Remarks = remarks,
        };
    }

    /// <summary>From when the last runner began until the first one ended; null when times are missing or too coarse to tell.</summary>
    private static (long From, long Until)? Window(ImportedRequests[] runners, List<string> remarks)
    {
        if (Array.Exists(runners, r => r.Requests.Exists(q => q.Sent is null))) return null;
        var ends = runners.SelectMany(r => r.Requests).Select(q => q.Sent!.Value + q.Duration).ToArray();
        if (ends.Length > 1 && Array.TrueForAll(ends, e => e % 1_000_000_000 == 0))
        {
            remarks.Add("its times are whole seconds (k6 writes finer ones with K6_CSV_TIME_FORMAT=unix_nano), so the rate is not known");
            return null;
        }
        return (runners.Max(r => r.Requests.Min(q => q.Sent!.Value)), runners.Min(r => r.Requests.Max(q => q.Sent!.Value + q.Duration)));
    }

    private static ImportedRecord Empty => new() { Case = "", Source = "", Files = [], ImportedUtc = default, Requests = 0, Remarks = [] };

    private static string Slug(string name) => string.Join('-', string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
