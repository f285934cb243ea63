using System.Text.RegularExpressions;

namespace ServeBench.Hosts.Images;

/// <summary>
/// Counts, from what a build prints, the steps that were taken from an earlier one; of the classic builder and of BuildKit.
/// </summary>
internal sealed partial class CachedSteps
{
    private readonly Lock _lock = new();

    /// <summary>BuildKit's numbers of the steps that only name a base image. It calls them cached; the classic builder does not.</summary>
    private readonly HashSet<string> _bases = [];

    public int Count { get; private set; }

    /// <param name="line">One line of either output; lines may come from several threads.</param>
    public void Hear(string line)
    {
        lock (_lock)
        {
            if (Base().Match(line) is { Success: true } first) _bases.Add(first.Groups["step"].Value);
            else if (line == " ---> Using cache"
                || (Cached().Match(line) is { Success: true } step && !_bases.Contains(step.Groups["step"].Value)))
                Count++;
        }
    }

    [GeneratedRegex(@"^#(?<step>\d+) \[[^\]]*\] FROM ", RegexOptions.CultureInvariant)]
    private static partial Regex Base();

    [GeneratedRegex(@"^#(?<step>\d+) CACHED$", RegexOptions.CultureInvariant)]
    private static partial Regex Cached();
}
