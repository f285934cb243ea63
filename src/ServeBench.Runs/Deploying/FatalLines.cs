using System.Diagnostics;
using System.Text.RegularExpressions;
using ServeBench.Domain.Faults;
using ServeBench.Hosts;

namespace ServeBench.Runs.Deploying;

/// <summary>Looks in a starting server's log for the lines by which its stack says that a start has failed.</summary>
internal sealed class FatalLines(IDeployment deployment, IReadOnlyList<string> patterns)
{
    /// <summary>How often the log is looked at; some hosts must ask an engine for it.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    private readonly Regex[] _patterns =
        [.. patterns.Select(p => new Regex(p, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, LongestMatch))];

    private long? _looked;

    /// <returns>The first line that fits, with the pattern, as the end of a sentence; null while there is none.</returns>
    public async Task<string?> FindAsync()
    {
        if (_patterns.Length == 0 || (_looked is { } at && Stopwatch.GetElapsedTime(at) < Interval)) return null;
        foreach (var line in await deployment.NewLogLinesAsync())
        {
            if (Array.Find(_patterns, p => p.IsMatch(line)) is { } pattern)
                return $"its log says '{Redaction.Quote(line.Trim(), 200)}', which is fatal by its stack.yaml ({pattern})";
        }
        _looked = Stopwatch.GetTimestamp();
        return null;
    }
}
