using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Streams;

/// <summary>
/// Reads when the tokens of each answer came. An event without a token (the role of who speaks, the numbers at the end, what only ends the
/// stream) is none; several tokens in one event came together.
/// </summary>
internal sealed class StreamDigester
{
    private readonly SampleTable _table;
    private readonly SampleSeries _events;
    private readonly SampleSeries _tokens;
    private readonly double _ttftObjective;
    private readonly double _itlObjective;
    private readonly List<long> _ttft = [];
    private readonly List<long> _tpot = [];
    private readonly List<long> _itl = [];
    private readonly List<long> _pace = [];
    private readonly List<(long Took, int Sample)> _whole = [];
    private long _sum;
    private int _cut;

    private StreamDigester(TrialRecord record, SampleTable table, SampleSeries events, SampleSeries tokens)
    {
        (_table, _events, _tokens) = (table, events, tokens);
        static double Objective(double? seconds) => seconds is { } s ? s * SampleDigest.NanosecondsPerSecond : double.PositiveInfinity;
        _ttftObjective = Objective(record.Load.ObjectiveTtftP95Seconds);
        _itlObjective = Objective(record.Load.ObjectiveItlP95Seconds);
    }

    /// <summary>Whether the answer that was added last met the objectives on its first token and on the mean of its gaps.</summary>
    public bool IsWithinObjectives { get; private set; }

    /// <returns>Null where answers are whole, or nobody counted what is in them.</returns>
    public static StreamDigester? Of(TrialRecord record, SampleTable table) =>
        table.Series(SampleSeries.Events) is { } events && table.Series(SampleSeries.Tokens) is { } tokens
            ? new StreamDigester(record, table, events, tokens)
            : null;

    /// <param name="sample">Its place in the table.</param>
    /// <param name="row">The sample.</param>
    public void Add(int sample, in Sample row)
    {
        var times = _events[sample];
        var tokens = _tokens[sample];
        var isWhole = row.Outcome == Outcome.Success;
        long first = -1, last = -1, count = 0, inFirst = 0, gaps = 0;
        for (var i = 0; i < Math.Min(times.Length, tokens.Length); i++)
        {
            if (tokens[i] == 0) continue;
            if (last >= 0)
            {
                gaps++;
                if (isWhole) _itl.Add(times[i] - last);
            }
            if (first < 0) (first, inFirst) = (times[i], tokens[i]);
            last = times[i];
            count += tokens[i];
        }
        if (!isWhole)
        {
            if (count > 0) _cut++;
            return;
        }
        var ttft = first + row.Lag;
        IsWithinObjectives = count > 0 && ttft <= _ttftObjective && (gaps == 0 || (last - first) / (double)gaps <= _itlObjective);
        if (count == 0) return;
        _sum += count;
        _ttft.Add(ttft);
        if (count > 1) _tpot.Add((row.EndToEnd - ttft) / (count - 1));
        if (count > inFirst && last > first) _pace.Add((last - first) / (count - inFirst));
        _whole.Add((row.EndToEnd, sample));
    }

    public StreamDigest Finish() => new(_ttft, _tpot, _itl, _pace) { Tokens = _sum, Cut = _cut, Example = Example() };

    private List<TokenStep> Example()
    {
        var steps = new List<TokenStep>();
        if (_whole.Count == 0) return steps;
        _whole.Sort();
        var sample = _whole[_whole.Count / 2].Sample;
        var times = _events[sample];
        var tokens = _tokens[sample];
        var lag = _table[sample].Lag;
        var count = 0;
        for (var i = 0; i < Math.Min(times.Length, tokens.Length); i++)
        {
            if (tokens[i] == 0) continue;
            count += (int)tokens[i];
            steps.Add(new TokenStep(Rounded.Of((times[i] + lag) / SampleDigest.NanosecondsPerSecond), count));
        }
        return steps;
    }
}
