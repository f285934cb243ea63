using ServeBench.Processes.Commands;

namespace ServeBench.Load.Calibration.Tools;

/// <summary>
/// wrk: one thread on epoll, a closed loop. Its script posts the body and prints the percentiles that it does not print by
/// itself.
/// </summary>
public sealed class WrkTool(ICommandRunner commands, string name) : CommandTool(commands, name)
{
    protected override IEnumerable<string> Arguments(ToolJob job, string url, string body, string folder)
    {
        var script = Path.Combine(folder, "post.lua");
        File.WriteAllText(script, $$"""
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "application/json"
            wrk.body = io.open("{{body}}", "rb"):read("*a")
            done = function(summary, latency)
              io.write(string.format("requests %d duration %d\n", summary.requests, summary.duration))
              for _, p in ipairs({50, 95, 99}) do io.write(string.format("percentile%d %d\n", p, latency:percentile(p))) end
            end

            """);
        return ["wrk", "-t1", $"-c{job.Concurrency}", $"-d{Math.Ceiling(job.Duration.TotalSeconds):0}s", "-s", script, url];
    }

    /// <summary>wrk reports times in microseconds.</summary>
    protected override ToolRun Read(string output, string folder, ToolJob job)
    {
        var requests = Number(output, "requests ([0-9]+) duration");
        return new ToolRun((long)requests, requests / (Number(output, "duration ([0-9]+)") / 1e6), null,
            ToolComparison.Percentiles.ToDictionary(p => p, p => Number(output, $"percentile{p} ([0-9]+)") / 1e6));
    }
}
