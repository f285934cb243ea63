using System.Globalization;
using ServeBench.Load.K6.Results;
using ServeBench.Processes.Commands;

namespace ServeBench.Load.Calibration.Tools;

/// <summary>ab (ApacheBench): one thread, a closed loop, times in whole milliseconds.</summary>
public sealed class AbTool(ICommandRunner commands, string name) : CommandTool(commands, name)
{
    private const string Times = "times.tsv";

    protected override IEnumerable<string> Arguments(ToolJob job, string url, string body, string folder) =>
        [
            "ab",
            "-q",
            "-k",
            "-t",
            $"{Math.Ceiling(job.Duration.TotalSeconds):0}",
            "-n",
            "10000000",
            "-c",
            $"{job.Concurrency}",
            "-p",
            body,
            "-T",
            "application/json",
            "-g",
            Path.Combine(folder, Times),
            url];

    protected override ToolRun Read(string output, string folder, ToolJob job)
    {
        using var reader = new StreamReader(Path.Combine(folder, Times));
        var fields = new List<string>();
        CsvLine.Read(reader, fields, '\t');
        var total = fields.IndexOf("ttime");
        var latencies = new List<long>();
        while (CsvLine.Read(reader, fields, '\t') && fields.Count > total)
            latencies.Add(long.Parse(fields[total], CultureInfo.InvariantCulture) * 1_000_000);
        var sorted = latencies.Order().ToArray();
        return new ToolRun(
            (long)Number(output, @"Complete requests:\s+([0-9]+)"),
            Number(output, @"Requests per second:\s+([0-9.]+)"),
            null,
            ToolComparison.Percentiles.ToDictionary(p => p, p => Quantiles.Seconds(sorted, p / 100)));
    }
}
