using ServeBench.Load.K6.Results;
using ServeBench.Processes.Commands;

namespace ServeBench.Load.Calibration.Tools;

/// <summary>hey: goroutines in a closed loop. Its CSV has every request, to a tenth of a millisecond.</summary>
public sealed class HeyTool(ICommandRunner commands, string name) : CommandTool(commands, name)
{
    protected override IEnumerable<string> Arguments(ToolJob job, string url, string body, string folder) =>
        [
            "hey",
            "-z",
            $"{Math.Ceiling(job.Duration.TotalSeconds):0}s",
            "-c",
            $"{job.Concurrency}",
            "-m",
            "POST",
            "-T",
            "application/json",
            "-D",
            body,
            "-o",
            "csv",
            url];

    protected override ToolRun Read(string output, string folder, ToolJob job)
    {
        using var reader = new StringReader(output);
        var fields = new List<string>();
        CsvLine.Read(reader, fields);
        var (duration, offset) = (fields.IndexOf("response-time"), fields.IndexOf("offset"));
        var latencies = new List<long>();
        var end = 0.0;
        while (CsvLine.Read(reader, fields) && fields.Count > Math.Max(duration, offset))
        {
            var seconds = double.Parse(fields[duration]);
            latencies.Add((long)(seconds * 1e9));
            end = Math.Max(end, double.Parse(fields[offset]) + seconds);
        }
        if (latencies.Count == 0)
            throw new Domain.Faults.RunFailedException(
                $"hey reported no request:{Environment.NewLine}{output}", "Uninstall it to leave it out of the table");
        var sorted = latencies.Order().ToArray();
        return new ToolRun(
            sorted.Length,
            sorted.Length / end,
            null,
            ToolComparison.Percentiles.ToDictionary(p => p, p => Quantiles.Seconds(sorted, p / 100)));
    }
}
