using ServeBench.Domain.Samples;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Evaluation;

/// <summary>
/// Divides the successful requests of a window into equal parts by intended send. By intended send, because a request is a
/// sample when its intended send lies in the window; by time of completion the first part would always look slow.
/// </summary>
internal sealed class WindowParts(double windowSeconds, int count)
{
    private readonly double _partNanoseconds = windowSeconds * SampleDigest.NanosecondsPerSecond / count;
    private readonly int[] _starts = new int[count + 1];

    /// <summary>Writes the end-to-end latencies of successful requests into a buffer, part after part, each part ascending.</summary>
    public void Fill(ReadOnlySpan<Sample> rows, long[] buffer)
    {
        foreach (ref readonly var row in rows)
        {
            if (row.Outcome == Outcome.Success) _starts[PartOf(row.Intended) + 1]++;
        }
        for (var part = 0; part < count; part++) _starts[part + 1] += _starts[part];
        var next = _starts.AsSpan(0, count).ToArray();
        foreach (ref readonly var row in rows)
        {
            if (row.Outcome == Outcome.Success) buffer[next[PartOf(row.Intended)]++] = row.EndToEnd;
        }
        for (var part = 0; part < count; part++) Array.Sort(buffer, _starts[part], _starts[part + 1] - _starts[part]);
    }

    public IReadOnlyList<TimelinePart> Timeline(long[] buffer)
    {
        var partSeconds = windowSeconds / count;
        return
        [
            .. Enumerable.Range(0, count).Select(part =>
            {
                var latencies = buffer.AsSpan(_starts[part], _starts[part + 1] - _starts[part]);
                return new TimelinePart(
                    part * partSeconds, latencies.Length / partSeconds, Supported(latencies, 0.5), Supported(latencies, 0.95));
            }),
        ];
    }

    /// <summary>Median of the last fifth minus median of the first, seconds; null without support.</summary>
    public double? Growth(long[] buffer)
    {
        var fifth = count / 5;
        return Median(buffer, count - fifth, count) - Median(buffer, 0, fifth);
    }

    private double? Median(long[] buffer, int firstPart, int endPart)
    {
        var latencies = buffer.AsSpan(_starts[firstPart], _starts[endPart] - _starts[firstPart]).ToArray();
        Array.Sort(latencies);
        return Supported(latencies, 0.5);
    }

    private static double? Supported(ReadOnlySpan<long> sorted, double p) =>
        SampleSupport.Supports(p, sorted.Length) ? Percentile.OfSorted(sorted, p) / SampleDigest.NanosecondsPerSecond : null;

    private int PartOf(long intended) => Math.Clamp((int)(intended / _partNanoseconds), 0, count - 1);
}
