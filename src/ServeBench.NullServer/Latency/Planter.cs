using System.Globalization;
using System.Text;
using ServeBench.Platform;

namespace ServeBench.NullServer.Latency;

/// <summary>
/// Draws the latency of each answer and remembers it beside what was achieved, so that the truth is known to the request.
/// </summary>
internal sealed class Planter(LatencyDistribution latency, long seed)
{
    private static readonly (string Name, double Quantile)[] Quantiles =
        [("min", 0), ("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)];

    // Requests are few and far between compared with this lock, which the one-threaded server never contends for.
    private readonly Lock _gate = new();
    private readonly List<long> _planned = [];
    private readonly List<long> _achieved = [];
    private readonly List<long> _achievedPauses = [];
    private readonly Xoshiro256 _random = new(seed);

    /// <summary>The delay of one more answer, in nanoseconds from the receipt of its request; null when it goes out at once.</summary>
    /// <param name="asked">What the request itself asks for, which goes before what would be drawn.</param>
    public long? Next(long? asked)
    {
        if (asked is not null || latency == LatencyDistribution.None) return asked;
        lock (_gate) return latency.Draw(_random);
    }

    /// <param name="planned">What <see cref="Next"/> gave, or the pause that was planted.</param>
    /// <param name="achieved">From the receipt of the request, or from the piece before, to just before the answer was sent.</param>
    /// <param name="isPause">Whether it is a pause within an answer.</param>
    public void Remember(long planned, long achieved, bool isPause = false)
    {
        lock (_gate)
        {
            if (isPause)
            {
                _achievedPauses.Add(achieved);
                return;
            }
            _planned.Add(planned);
            _achieved.Add(achieved);
        }
    }

    /// <summary>Nanoseconds from receipt to answer of all that was answered after a delay so far, in the order of the answers.</summary>
    public IReadOnlyList<long> Achieved()
    {
        lock (_gate) return [.. _achieved];
    }

    /// <summary>Nanoseconds between the pieces of answers that came in several.</summary>
    public IReadOnlyList<long> AchievedPauses()
    {
        lock (_gate) return [.. _achievedPauses];
    }

    /// <summary>What was planted so far, in seconds, by linear interpolation at p (n - 1).</summary>
    public string ToJson()
    {
        lock (_gate)
        {
            var json = new StringBuilder();
            json.Append(CultureInfo.InvariantCulture, $"{{\"latency\":\"{latency.Text}\",\"seed\":{seed},\"count\":{_planned.Count}");
            Append(json, "planned", _planned);
            Append(json, "achieved", _achieved);
            return json.Append("}\n").ToString();
        }
    }

    private static void Append(StringBuilder json, string name, List<long> values)
    {
        if (values.Count == 0) return;
        var sorted = values.Order().ToArray();
        json.Append(CultureInfo.InvariantCulture, $",\"{name}\":{{");
        json.AppendJoin(
            ',',
            Quantiles.Select(
                q => $"\"{q.Name}\":{(Quantile(sorted, q.Quantile) / 1e9).ToString("0.#########", CultureInfo.InvariantCulture)}"));
        json.Append('}');
    }

    /// <summary>By linear interpolation at p (n - 1); its own, since what checks the driver must not share the driver's mistakes.</summary>
    internal static double Quantile(long[] sorted, double p)
    {
        var at = p * (sorted.Length - 1);
        var low = (int)at;
        var high = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }
}
