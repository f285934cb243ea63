using System.Globalization;
using ServeBench.Domain.Workloads;

namespace ServeBench.Runs.Searching;

/// <summary>
/// Searches the largest rate that is met: steps up or down by a factor until one rate is met and a higher one is not, then halves the
/// distance on the scale of ratios. A rate that failed once is tried again before it bounds a narrow bracket: probes are short,
/// and one that
/// fails by chance would otherwise hide everything above it. Knows nothing of servers: it is given how each probe went and says which rate
/// comes next.
/// </summary>
internal sealed class RateFinder
{
    /// <summary>
    /// Step while there is no bracket. A search begins near what the raw runtime reaches, so doubling would mostly be too far.
    /// </summary>
    public const double Step = 1.5;

    /// <summary>A server that fell behind is tried again at this share of what it kept up, if that is lower than a step down.</summary>
    private const double OfHeld = 0.9;

    /// <summary>A bracket of at most this ratio is only halved once the rate above it has failed twice.</summary>
    private const double Narrow = 1.25;

    private readonly SearchSpec _spec;
    private readonly double _most;

    /// <summary>Rates that failed, each above the largest that was met, with how often; the lowest first.</summary>
    private readonly SortedDictionary<double, int> _failed = [];
    private int _probes;
    private int _invalidInARow;

    /// <param name="start">The first rate, above 0.</param>
    /// <param name="spec">How it searches.</param>
    /// <param name="most">The largest rate that may be tried; a search that meets it ends there, with no rate that failed.</param>
    public RateFinder(double start, SearchSpec spec, double most = double.PositiveInfinity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(start);
        _spec = spec;
        _most = most;
        Next = Math.Min(Rounded(start), most);
    }

    /// <summary>The rate to try now; null when the search is over.</summary>
    public double? Next { get; private set; }

    /// <summary>The largest rate that was met.</summary>
    public double? Met { get; private set; }

    /// <summary>The smallest rate above it that failed, and was not met since.</summary>
    public double? Failed => _failed.Count > 0 ? _failed.Keys.First() : null;

    /// <param name="outcome">How the probe at <see cref="Next"/> went.</param>
    /// <param name="held">What the server kept up; null when that is not known.</param>
    public void Heard(ProbeOutcome outcome, double? held = null)
    {
        var rate = Next ?? throw new InvalidOperationException("the search is over");
        _invalidInARow = outcome == ProbeOutcome.Invalid ? _invalidInARow + 1 : 0;
        if (outcome == ProbeOutcome.Met)
        {
            Met = rate;
            _failed.Remove(rate);
        }
        if (outcome == ProbeOutcome.Failed) _failed[rate] = _failed.GetValueOrDefault(rate) + 1;
        Next = ++_probes >= _spec.Probes ? null : Following(rate, outcome, held) is { } next ? Math.Min(Rounded(next), _most) : null;
    }

    private double? Following(double rate, ProbeOutcome outcome, double? held)
    {
        // Once may be chance; twice, and the client cannot make that rate: what lies above it is out of reach.
        if (outcome == ProbeOutcome.Invalid) return _invalidInARow < 2 ? rate : Met is null ? rate / Step : null;
        if (Met is not { } low) return Math.Min(rate / Step, OfHeld * (held is > 0 and var kept ? kept : rate));
        if (Failed is not { } high) return low >= _most ? null : low * Step;
        if (high / low <= Narrow && _failed[high] < 2) return high;
        return high / low <= 1 + _spec.Resolution ? null : Math.Min(low * Step, Math.Sqrt(low * high));
    }

    private static double Rounded(double rate) =>
        double.Parse(rate.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

/// <summary>How a probe went.</summary>
internal enum ProbeOutcome
{
    /// <summary>All objectives were met.</summary>
    Met,

    /// <summary>The server failed one.</summary>
    Failed,

    /// <summary>The client or the machine was at fault.</summary>
    Invalid,
}
