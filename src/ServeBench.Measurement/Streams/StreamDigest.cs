using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Streams;

/// <summary>When the tokens of one trial's streamed answers came; of successful requests, unless it says otherwise.</summary>
public sealed class StreamDigest
{
    private static readonly double[] Shares = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

    private readonly long[] _ttft;
    private readonly long[] _tpot;
    private readonly long[] _itl;
    private readonly long[] _pace;

    internal StreamDigest(List<long> ttft, List<long> tpot, List<long> itl, List<long> pace)
    {
        static long[] Sorted(List<long> values) => [.. values.Order()];
        (_ttft, _tpot, _itl, _pace) = (Sorted(ttft), Sorted(tpot), Sorted(itl), Sorted(pace));
    }

    /// <summary>First token minus intended send, ascending nanoseconds.</summary>
    public ReadOnlySpan<long> Ttft => _ttft;

    /// <summary>(End-to-end latency - TTFT) / (tokens - 1) of answers with several tokens, ascending nanoseconds.</summary>
    public ReadOnlySpan<long> Tpot => _tpot;

    /// <summary>All gaps between successive pieces of one answer with tokens in them, ascending nanoseconds.</summary>
    public ReadOnlySpan<long> Itl => _itl;

    /// <summary>(Last token - first token) / (tokens after the first piece), ascending nanoseconds.</summary>
    public ReadOnlySpan<long> Pace => _pace;

    /// <summary>
    /// The 95th of a hundred times to the first token, however few there are, in seconds; 0 of none. No percentile to publish: what a probe
    /// of a search is judged by.
    /// </summary>
    public double TtftP95 => StreamObjectives.P95(_ttft);

    /// <summary>As above, of the gaps.</summary>
    public double ItlP95 => StreamObjectives.P95(_itl);

    /// <summary>Output tokens.</summary>
    public required long Tokens { get; init; }

    /// <summary>Requests that had some of their answer and then failed.</summary>
    public required int Cut { get; init; }

    /// <summary>Of the answer whose duration is the median: seconds after the intended send, and tokens that had come by then.</summary>
    public required IReadOnlyList<TokenStep> Example { get; init; }

    /// <summary>What outlives the samples.</summary>
    internal StreamResult ToResult() => new(Quantiles(Ttft), Quantiles(Itl), Example);

    private static List<QuantilePoint> Quantiles(ReadOnlySpan<long> sorted)
    {
        var points = new List<QuantilePoint>();
        foreach (var share in Shares)
        {
            // Of a lower share as many samples lie below it as above the higher one that mirrors it.
            if (SampleSupport.Supports(Math.Max(share, 1 - share), sorted.Length))
                points.Add(new QuantilePoint(share, Rounded.Of(Percentile.OfSorted(sorted, share) / SampleDigest.NanosecondsPerSecond)));
        }
        return points;
    }
}
