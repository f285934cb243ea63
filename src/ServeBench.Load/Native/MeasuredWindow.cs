using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Load.Encoding;
using ServeBench.Platform.Linux;
using ServeBench.Platform;

namespace ServeBench.Load.Native;

/// <summary>The measured window: which requests are samples, what became of them, and what the load loop used meanwhile.</summary>
internal sealed class MeasuredWindow
{
    private readonly RenderedRequest[] _requests;

    /// <summary>Events of an answer to make room for; the series grows if need be.</summary>
    private const int EventsExpected = 16;

    private readonly AnswerKeeper _keeper;

    /// <summary>When each event of each sample came; null where answers have none.</summary>
    private readonly SampleSeries? _events;

    /// <summary>The texts of each sample's events; null where nobody counts what is in them.</summary>
    private readonly StreamedTexts? _texts;

    /// <summary>The times of the answer that is recorded, after its request was sent.</summary>
    private long[] _times = new long[64];
    private int _opened;
    private int _reopened;
    private readonly long? _cpuAtStart;
    private readonly long _allocatedAtStart;

    /// <param name="job">The load.</param>
    /// <param name="clock">The load's.</param>
    /// <param name="endsWithRequest">Whether it lasts until the end of a request, which is to be found yet.</param>
    /// <param name="expected">Samples to make room for beforehand.</param>
    public MeasuredWindow(LoadJob job, MonotonicClock clock, bool endsWithRequest, int expected)
    {
        _requests = job.Payloads.Rendered;
        Samples = new SampleTable(expected);
        if (job.Payloads.Wire.HasEvents) _events = Samples.Add(new SampleSeries(SampleSeries.Events, expected, EventsExpected * expected));
        if (job is { CountText: not null, Payloads.Wire.HasTexts: true }) _texts = new StreamedTexts(expected, EventsExpected * expected);
        var length = MonotonicClock.Nanoseconds(job.Measure);
        _cpuAtStart = ThreadCpu.OfThisThread();
        _allocatedAtStart = GC.GetAllocatedBytesForCurrentThread();
        Start = clock.Now;
        NominalEnd = Start + length;
        End = endsWithRequest ? long.MaxValue : NominalEnd;
        _keeper = new AnswerKeeper(job.KeepAnswers, Start, length);
    }

    public long Start { get; }

    /// <summary>When the length that was asked for is over.</summary>
    public long NominalEnd { get; }

    /// <summary>When it ends; the end of time as long as that is not known, because a closed loop is still to find it.</summary>
    public long End { get; private set; }

    public SampleTable Samples { get; }

    public IReadOnlyList<KeptAnswer> Answers => _keeper.Answers;

    /// <summary>CPU time of the loop's thread from start to end; null before the end, or where it cannot be obtained.</summary>
    public double? CpuSeconds { get; private set; }

    /// <summary>What the loop's thread allocated from start to end.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>The connections that its requests took.</summary>
    public ConnectionUse Connections => new(_opened, _reopened);

    /// <summary>A connection is made for one of its requests.</summary>
    /// <param name="again">Whether it replaces one that the server had closed.</param>
    public void Opened(bool again) => (_opened, _reopened) = (_opened + 1, _reopened + (again ? 1 : 0));

    /// <summary>Called when a request starts.</summary>
    public void Take(Connection request)
    {
        request.Recorded = Holds(request.Intended);
        request.Kept = request.Recorded ? _keeper.Choose(request.Intended) : null;
    }

    /// <summary>The window is over, whatever is still under way.</summary>
    /// <param name="end">When it ended; requests intended before that are its samples.</param>
    public void Close(long end)
    {
        End = end;
        CpuSeconds = ThreadCpu.OfThisThread() is { } cpu && _cpuAtStart is { } before ? MonotonicClock.Seconds(cpu - before) : null;
        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - _allocatedAtStart;
    }

    public void Record(Connection request, Outcome outcome, long now)
    {
        // The end of a closed loop's window is found by the end of a request; one that was intended for that moment is outside.
        if (!Holds(request.Intended))
        {
            if (request.Kept is not null) _keeper.GiveUp();
            return;
        }
        var last = now - Start;
        var answer = request.Answers;
        Samples.Add(new Sample(
            request.Intended - Start,
            request.Sent == 0 ? last : request.Sent - Start,
            request.First == 0 ? last : request.First - Start,
            last, outcome, (ushort)answer.Status, _requests[request.Payload].Items, answer.BodyBytes, request.Payload));
        if (_events is not null) RecordEvents(answer.EventTimes, request.Sent);
        if (answer.EventTexts is { } texts) _texts?.Set(Samples.Count - 1, texts);
        if (request.Kept is not { } body) return;
        if (outcome == Outcome.Success) _keeper.Keep(request.Payload, answer.Status, request.Sent, body);
        else _keeper.GiveUp();
        request.Kept = null;
    }

    /// <summary>Adds to the samples how much their texts hold, once the load is over.</summary>
    public void Count(Func<ReadOnlySpan<byte>, int>? count)
    {
        if (count is not null && _texts is not null) Samples.Add(_texts.Count(count));
    }

    private void RecordEvents(ReadOnlySpan<long> times, long sent)
    {
        if (_times.Length < times.Length) Array.Resize(ref _times, Math.Max(times.Length, 2 * _times.Length));
        for (var i = 0; i < times.Length; i++) _times[i] = times[i] - sent;
        _events!.Set(Samples.Count - 1, _times.AsSpan(0, times.Length));
    }

    /// <summary>An arrival found no connection; it is a sample if it was due in the window.</summary>
    public void Drop(long intended, int payload, long now)
    {
        if (!Holds(intended)) return;
        var last = now - Start;
        Samples.Add(new Sample(intended - Start, last, last, last, Outcome.Dropped, 0, _requests[payload].Items, 0, payload));
    }

    private bool Holds(long intended) => intended >= Start && intended < End;
}
