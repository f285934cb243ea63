using System.Globalization;
using ServeBench.Platform;

namespace ServeBench.NullServer.Latency;

/// <summary>How long after a request the answer is sent.</summary>
/// <param name="Text">As it is written on the command line.</param>
public abstract record LatencyDistribution(string Text)
{
    /// <summary>Every form, for help and errors.</summary>
    public const string Forms = "none, constant:5ms, uniform:min=1ms,max=9ms, lognormal:p50=5ms,p99=50ms, bimodal:a=5ms,b=50ms,share=0.1";

    public static LatencyDistribution None { get; } = new ConstantLatency("none", 0);

    /// <summary>So many latencies in nanoseconds, as a server with that seed would plant them.</summary>
    public IReadOnlyList<long> Sample(int count, long seed)
    {
        var random = new Xoshiro256(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Draw(random))];
    }

    /// <summary>One latency in nanoseconds.</summary>
    internal abstract long Draw(Xoshiro256 random);

    /// <returns>The distribution, or null with the reason in <paramref name="problem"/>.</returns>
    public static LatencyDistribution? TryParse(string text, out string problem)
    {
        problem = $"'{text}' is not a latency; known forms: {Forms}";
        if (text == "none") return None;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return null;
        var (kind, rest) = (text[..colon], text[(colon + 1)..]);
        if (kind == "constant") return DurationArgument.Parse(rest) is { } constant ? new ConstantLatency(text, constant) : null;

        var parts = rest.Split(',');
        if (kind == "bimodal") return Bimodal(text, parts);
        if (parts.Length != 2) return null;
        switch (kind)
        {
            case "uniform" when Value(parts[0], "min=") is { } minimum && Value(parts[1], "max=") is { } maximum:
                if (minimum <= maximum) return new UniformLatency(text, minimum, maximum);
                problem = $"'{text}' has a minimum above its maximum";
                return null;
            case "lognormal" when Value(parts[0], "p50=") is { } median && Value(parts[1], "p99=") is { } p99:
                if (median > 0 && median <= p99) return new LogNormalLatency(text, median, p99);
                problem = $"'{text}' needs a p50 above 0 and not above its p99";
                return null;
            default:
                return null;
        }
    }

    private static BimodalLatency? Bimodal(string text, string[] parts) =>
        parts is [var a, var b, ['s', 'h', 'a', 'r', 'e', '=', .. var share]]
        && Value(a, "a=") is { } first && Value(b, "b=") is { } second
        && double.TryParse(share, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) && part is >= 0 and <= 1
            ? new BimodalLatency(text, first, second, part)
            : null;

    private static long? Value(string part, string prefix) => DurationArgument.Parse(part, prefix);
}

/// <summary>Always the same.</summary>
internal sealed record ConstantLatency(string Text, long Nanoseconds) : LatencyDistribution(Text)
{
    internal override long Draw(Xoshiro256 random) => Nanoseconds;
}

/// <summary>Equally likely anywhere between two bounds.</summary>
internal sealed record UniformLatency(string Text, long Minimum, long Maximum) : LatencyDistribution(Text)
{
    internal override long Draw(Xoshiro256 random) => Minimum + (long)(random.NextUnit() * (Maximum - Minimum));
}

/// <summary>One of two, as of a cache that holds some and not all.</summary>
/// <param name="Share">How many take the second.</param>
internal sealed record BimodalLatency(string Text, long First, long Second, double Share) : LatencyDistribution(Text)
{
    internal override long Draw(Xoshiro256 random) => random.NextUnit() <= Share ? Second : First;
}

/// <summary>exp(mu + sigma z) with z standard normal; mu = ln p50 and sigma = ln(p99 / p50) / z(0.99).</summary>
internal sealed record LogNormalLatency(string Text, long Median, long P99) : LatencyDistribution(Text)
{
    /// <summary>The 99th percentile of the standard normal distribution.</summary>
    private const double Z99 = 2.3263478740408408;

    private const double LongestNanoseconds = 600e9;

    private readonly double _sigma = Math.Log((double)P99 / Median) / Z99;

    /// <summary>Box-Muller, one of the pair.</summary>
    internal override long Draw(Xoshiro256 random)
    {
        var z = Math.Sqrt(-2 * Math.Log(random.NextUnit())) * Math.Cos(2 * Math.PI * random.NextUnit());
        return (long)Math.Min(Median * Math.Exp(_sigma * z), LongestNanoseconds);
    }
}
