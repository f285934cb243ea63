using ServeBench.Build.Composition;
using ServeBench.Build.Options;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;
using ServeBench.Runs.Importing;
using ServeBench.Runs.Storing;

namespace ServeBench.Build.Stages;

/// <summary>Brings another tool's results into a run, and renders its report again.</summary>
internal static class ImportStage
{
    public static async Task RunAsync(BuildContext context)
    {
        var options = context.Options;
        var faults = new FaultList();
        if (options.From.Count == 0)
            faults.Add(new Fault(KnownOptions.From.Name, null, null, "no file was named", $"For example {KnownOptions.From.Example}"));
        if (options.As is null)
            faults.Add(
                new Fault(KnownOptions.As.Name, null, null, "the imported case has no name", $"For example {KnownOptions.As.Example}"));
        faults.ThrowIfAny();
        var folder = RunDirectory.Find(options.Out, options.Run);
        var (record, replaced) =
            Importer.Import(folder, [.. options.From.Select(f => Path.GetFullPath(f))], options.As!, TimeProvider.System.GetUtcNow());
        context.Screen.Say(
            $"{record.Case}: {(record.Requests is { } requests ? Plural.Of(requests, "request") : "an unknown number of requests")} out of "
                + $"{string.Join(", ", record.Files.Select(f => f.Name))} ({record.Source}), imported into {folder.Id}");
        foreach (var line in Numbers(record)) context.Screen.Say($"  {line}");
        if (replaced is not null)
            context.Screen.Say(
                $"  replaces the import of that name of {replaced.ImportedUtc:yyyy-MM-dd HH:mm} "
                    + $"({string.Join(", ", replaced.Files.Select(f => f.Name))})");
        foreach (var remark in record.Remarks) context.Screen.Say($"  {remark}");
        foreach (var absent in record.NotMeasured) context.Screen.Say($"  {absent.What}: not measured, since {absent.Why}");
        context.Loaded.Add(folder);
        await ReportStage.RunAsync(context);
    }

    private static IEnumerable<string> Numbers(ImportedRecord record)
    {
        yield return record.RequestsPerSecond is { } rate ? $"{rate:0.#} requests/s" : "rate: not measured";
        yield return record.Failures is { } failures
            ? $"{failures} failed"
                + (record.FailureKinds is { } kinds ? $" ({string.Join(", ", kinds.Select(k => $"{k.Value} {k.Key}"))})" : "")
            : "failures: not measured";
        yield return Latency("from the schedule", record.EndToEnd);
        yield return Latency("from the send", record.Service);
    }

    private static string Latency(string what, ImportedLatency? latency) => latency is null
        ? $"latency {what}: not measured"
        : $"latency {what}: p50 {Milliseconds(latency.P50)}, p95 {Milliseconds(latency.P95)}, p99 {Milliseconds(latency.P99)}";

    private static string Milliseconds(double? seconds) => seconds is { } value ? $"{value * 1e3:0.0##} ms" : "not measured";
}
