using ServeBench.Domain.Samples;
using ServeBench.Load.Patterns;

namespace ServeBench.Load.K6.Results;

/// <summary>Turns the iterations of one runner into the samples that the native driver would have recorded.</summary>
internal sealed class SampleBuilder
{
    private readonly RawResult _raw;
    private readonly CaseTiming _timing;
    private readonly Places _places;
    private readonly LoadPattern _pattern;

    /// <summary>When k6 makes the arrival at a place of its schedule; null where it does not make arrivals at a rate.</summary>
    private readonly Func<int, long>? _at;

    /// <summary>Unix nanoseconds of the schedule's zero; the start of the scenario in a closed loop.</summary>
    private readonly long _zero;

    public SampleBuilder(RawResult raw, CaseTiming timing)
    {
        _raw = raw;
        _timing = timing;
        _pattern = LoadPattern.Of(timing.Shape);
        _at = _pattern.PlacesOfK6(timing.Margin);
        _places = new Places(Ended, raw.Drops);
        _zero = Zero();
        WindowStart = _zero + Nanoseconds(timing.Margin);
    }

    /// <summary>Unix nanoseconds.</summary>
    public long WindowStart { get; }

    /// <summary>Unix nanoseconds.</summary>
    public long WindowEnd => WindowStart + Nanoseconds(_timing.Measure);

    /// <summary>Iterations that threw and were due in the window.</summary>
    public int Exceptions { get; private set; }

    /// <summary>The error code of the last request that failed; 0 when none did.</summary>
    public int LastError { get; private set; }

    /// <summary>One that k6 cut off left no end, and what it left is not a request.</summary>
    private IEnumerable<Iteration> Ended => _raw.Measure.Where(i => i.End != 0);

    /// <summary>Every request that was due between two times, in the order in which they ended.</summary>
    /// <param name="from">Unix nanoseconds; the samples' zero.</param>
    /// <param name="until">Unix nanoseconds.</param>
    public SampleTable Samples(long from, long until)
    {
        var samples = new List<Sample>();
        foreach (var (iteration, intended) in Intended())
        {
            if (intended < from || intended >= until) continue;
            samples.Add(Of(iteration, intended, from));
        }
        samples.AddRange(Drops().Where(due => due >= from && due < until).Select(due =>
            new Sample(due - from, due - from, due - from, due - from, Outcome.Dropped, 0, _timing.Items[0], 0, 0)));
        var table = new SampleTable(samples.Count);
        foreach (var sample in samples.OrderBy(s => s.Last).ThenBy(s => s.Intended)) table.Add(sample);
        return table;
    }

    /// <summary>
    /// The payloads of every request outside the window: the warm-up's, and those that the measuring scenario sent beside it.
    /// </summary>
    public OutsidePayloads Outside()
    {
        var sent = Intended().Where(i => i.Iteration.RequestEnd != 0).ToArray();
        int[] Beside(Func<long, bool> at) => [.. sent.Where(i => at(i.Intended)).Select(i => _timing.PayloadOf(i.Iteration.Number))];
        return new OutsidePayloads(
            [.. _raw.WarmUp
                .Where(i => i.RequestEnd != 0)
                .Select(i => _timing.WarmUpPayloadOf(i.Number)), .. Beside(at => at < WindowStart)],
            Beside(at => at >= WindowEnd));
    }

    /// <summary>When each request of the measuring scenario was due.</summary>
    private IEnumerable<(Iteration Iteration, long Intended)> Intended() =>
        _at is null ? _pattern.Due(Ended, _timing, _zero) : Ended.Select(i => (i, _zero + _at(_places.Of(i))));

    private Sample Of(Iteration iteration, long intended, long from)
    {
        if (!iteration.Finished) Exceptions++;
        var items = _timing.Items[_timing.PayloadOf(iteration.Number)];
        if (iteration.RequestEnd == 0)
        {
            // Nothing was sent: no VU was free in time, or the script threw before it came to that.
            var at = iteration.End - from;
            return new Sample(intended - from, at, at, at, Outcome.Dropped, 0, items, 0, _timing.PayloadOf(iteration.Number));
        }
        if (iteration.ErrorCode != 0) LastError = iteration.ErrorCode;
        var last = iteration.RequestEnd;
        var sent = last - iteration.RequestDuration;
        var first = iteration.Receiving < 0 ? sent - iteration.Receiving : last - iteration.Receiving;
        var outcome = K6Outcome.Of(iteration, _timing.ExpectedStatus);
        var bytes = outcome is Outcome.Refused ? 0 : iteration.BodyBytes ?? iteration.ReceivedBytes;
        if (outcome == Outcome.Success && bytes < (long)items * _timing.LeastBytesPerItem) outcome = Outcome.WrongAnswer;
        if (outcome == Outcome.Success && last - intended > Nanoseconds(_timing.Deadline)) outcome = Outcome.Timeout;
        return new Sample(
            intended - from,
            sent - from,
            first - from,
            last - from,
            outcome,
            (ushort)K6Outcome.Status(iteration),
            items,
            bytes,
            _timing.PayloadOf(iteration.Number));
    }

    /// <summary>
    /// k6 reports the start of its schedule in whole milliseconds, rounded down. Iterations never begin before they are due, so the
    /// earliest of them, each put back by its place in the schedule, narrows it down; at worst lateness is reported 1 ms short. A
    /// ramp's schedule starts only when all its VUs are ready, which k6 does not report: there the earliest iteration is all there is.
    /// </summary>
    private long Zero()
    {
        var planned = _raw.TestStart + Nanoseconds(_timing.WarmUp);
        if (_at is null || _raw.ScheduleStart is not { } reported) return planned;
        var earliest = Ended.Select(i => i.Start - _at(_places.Of(i))).DefaultIfEmpty(reported).Min();
        return _pattern.WaitsForUsers ? Math.Max(reported, earliest) : Math.Clamp(earliest, reported, reported + 999_999);
    }

    /// <summary>
    /// When each dropped arrival was due. Poisson arrivals are never k6's to drop: the script itself notices, and its iteration
    /// tells.
    /// </summary>
    private IEnumerable<long> Drops() => _at is not null ? _places.Dropped.Select(p => _zero + _at(p)) : _raw.Drops;

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
