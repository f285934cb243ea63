using System.Globalization;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// The result of <c>vllm bench serve --save-result</c> (benchmark_serving.py before), and of SGLang's bench_serving, which grew out of
/// it: milliseconds, of requests that succeeded.
/// </summary>
internal sealed class VllmReader : IImportReader
{
    private static readonly string[] Latencies = ["e2el", "e2e_latency"];

    public string Source => "vllm bench serve, result";

    public string Made => "vllm bench serve --save-result --percentile-metrics=ttft,tpot,itl,e2el";

    public bool Recognises(ImportFile file) =>
        file.Document is { } document
            && document.At("completed") is not null
            && document.At("request_throughput") is not null
            && document.At("duration") is not null;

    public ImportedContent Read(ImportFile file)
    {
        var document = file.Document!;
        var good = document.CountAt("completed") ?? throw file.Bad("does not say how many requests were completed");
        var failures = document.CountAt("failed") ?? (document.CountAt("num_prompts") is { } asked && asked >= good ? asked - good : null);
        if (good + (failures ?? 0) == 0) throw file.Bad("holds no requests", "Give the result of a run that has made some");
        double? seconds = document.NumberAt("duration") is > 0 and < 1e9 and var length ? length : null;
        var result = new ImportedSummary
        {
            Requests = good + (failures ?? 0),
            Failures = failures,
            WindowSeconds = seconds,
            RequestsPerSecond = good / seconds,
            Samples = good,
            Service = Percentiles(file),
        };
        if (failures is null) result.Lacks(Figures.Failures, "the file counts completed requests only");
        else if (failures > 0) result.Lacks(Figures.Kinds, "the file has their sum only");
        if (seconds is null) result.Lacks(Figures.Rate, "the file does not say how long the test took");
        if (result.Service is null)
            result.Lacks(Figures.Latency, "the tool was not asked for the latency of whole requests (--percentile-metrics with e2el)");
        result.Remarks.Add("percentiles were computed by the tool, of requests that succeeded");
        return result;
    }

    private static Dictionary<double, double>? Percentiles(ImportFile file)
    {
        var found = new Dictionary<double, double>();
        foreach (var (name, value) in file.Document!.Members)
        {
            var ending = Array.Find(Latencies, l => name.EndsWith($"_{l}_ms", StringComparison.Ordinal));
            if (ending is null || value.Number is not { } milliseconds) continue;
            var which = name[..^(ending.Length + 4)];
            double? share = which == "median" ? 50 : which.StartsWith('p') ? Quantity.Number(which.AsSpan(1)) : null;
            if (share is null) continue;
            found[Math.Round(share.Value / 100, 6)] = Quantity.Nanoseconds(milliseconds, 1e6) / 1e9
                ?? throw file.Bad($"has a latency that cannot be: {milliseconds.ToString(CultureInfo.InvariantCulture)} ms");
        }
        // Nothing completed leaves zeros.
        return found.Count == 0 || found.Values.All(v => v == 0) ? null : found;
    }
}
