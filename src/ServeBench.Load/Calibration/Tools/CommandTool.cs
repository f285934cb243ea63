using System.Globalization;
using System.Text.RegularExpressions;
using ServeBench.Domain.Faults;
using ServeBench.Processes.Commands;

namespace ServeBench.Load.Calibration.Tools;

/// <summary>
/// A load tool of somebody else's, run as a command. What it uses is reported by the shell that runs it (<c>times</c>, POSIX), so
/// that nothing of ours has to watch it.
/// </summary>
public abstract partial class CommandTool(ICommandRunner commands, string name) : ILoadTool
{
    public string Name => name;

    public ILoadDriver? Driver => null;

    public async Task<ToolRun> RunAsync(ToolJob job, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("servebench-tool-").FullName;
        try
        {
            var body = Path.Combine(folder, "body.json");
            await File.WriteAllBytesAsync(body, job.Body, ct);
            string[] tool = [.. Arguments(job, $"http://{job.Target}{job.Path}", body, folder)];
            var command = new CommandSpec("/bin/sh", ["-c", "\"$@\"; code=$?; times >&2; exit $code", "tool", .. tool])
            {
                Timeout = job.Duration + TimeSpan.FromSeconds(60),
                Remedy = "Uninstall the tool to leave it out of the table",
            };
            var result = await commands.RunAsync(command, cancellationToken: ct);
            return Read(result.Output, folder, job) with { CpuSeconds = CpuSeconds(result.Error) };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    protected abstract IEnumerable<string> Arguments(ToolJob job, string url, string body, string folder);

    protected abstract ToolRun Read(string output, string folder, ToolJob job);

    /// <summary>The number that follows some words in what a tool has printed.</summary>
    protected static double Number(string output, string pattern)
    {
        var match = Regex.Match(output, pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
        return match.Success && double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new RunFailedException(
                $"the tool did not print what was expected ({pattern}):{Environment.NewLine}{output}",
                "Its version is not known here; uninstall it to leave it out of the table");
    }

    /// <summary>The last line of <c>times</c>: user and system time of the children, as <c>0m1.234567s 0m0.5s</c>.</summary>
    internal static double? CpuSeconds(string error)
    {
        var times = Times().Matches(error);
        return times.Count < 2
            ? null
            : times
                .TakeLast(2)
                .Sum(
                    t => 60 * double.Parse(t.Groups[1].Value, CultureInfo.InvariantCulture)
                        + double.Parse(t.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"([0-9]+)m([0-9.]+)s")]
    private static partial Regex Times();
}
