using System.Threading.Channels;
using ServeBench.Domain.Trials;
using ServeBench.Load.Patterns;
using ServeBench.Load.Schedules;
using ServeBench.Platform;

namespace ServeBench.Load.Native;

/// <summary>
/// Leads a load through its phases: warm-up in a closed loop, for open loops a run-in of their schedule, the measured window,
/// and the tail. Knows when each ends and what drives the requests in it; knows nothing of connections.
/// <para>
/// While a closed loop drives, windows begin and end with the end of a request, after whole mixes of payloads where that does
/// not take long. A window cut by the clock holds a batch more or less by chance, and with few batches that is many per cent.
/// </para>
/// </summary>
internal sealed class LoadPhases
{
    private const long ProgressEvery = 250_000_000;

    /// <summary>How much longer than asked a measured window may be to end with a whole mix, as a share.</summary>
    private const double Stretch = 0.1;

    /// <summary>Samples to make room for beyond those that are expected, and at most.</summary>
    private const int MoreSamples = 1024;
    private const int MostSamples = 1 << 26;

    /// <summary>Keeps the run-in's arrivals apart from the window's, which the seed alone decides.</summary>
    private const long RunInSeed = 0x52756e496e;

    private readonly LoadJob _job;
    private readonly LoadPattern _pattern;
    private readonly ChannelWriter<LoadNotice> _notices;
    private readonly MonotonicClock _clock;
    private readonly WarmUpMeter _meter = new();
    private readonly long _start;
    private long _phaseStart;
    private long _warmUpWindowStart;
    private long _nextProgress;
    private int _successesTold;

    /// <summary>Requests that ended since the present window of a closed loop began.</summary>
    private int _ended;
    private ArrivalSchedule? _arrivals;

    /// <summary>The window's arrivals, made before the load begins: making them takes time and memory, which the window has not.</summary>
    private readonly ArrivalSchedule? _ofWindow;

    /// <summary>How long a closed loop's window had lasted when time and count were met; null before.</summary>
    private long? _countMet;

    /// <summary>The changes of a closed loop's concurrency, and the first of them that is still to come.</summary>
    private readonly ConcurrencyStep[] _steps;
    private int _step;

    public LoadPhases(LoadJob job, ChannelWriter<LoadNotice> notices, MonotonicClock clock)
    {
        _clock = clock;
        var now = clock.Now;
        _job = job;
        _notices = notices;
        _start = _phaseStart = _warmUpWindowStart = now;
        _nextProgress = job.Progress is null ? long.MaxValue : now + ProgressEvery;
        _pattern = LoadPattern.Of(job.Shape);
        _steps = [.. _pattern.Steps];
        EndsWithRequest = _pattern.EndsWithRequest;
        Concurrency = _pattern.WarmUpConcurrency(job.WarmUp.Concurrency);
        _ofWindow = _pattern.OfWindow(job.Measure, job.ArrivalSeed);
        if (job.IsWarm && _ofWindow is not null) BeginRunIn(now);
    }

    public LoadPhase Phase { get; private set; } = LoadPhase.WarmUp;

    public bool Over { get; private set; }

    /// <summary>Requests in flight while a closed loop drives; 0 while a schedule does.</summary>
    public int Concurrency { get; private set; }

    /// <summary>When the concurrency of a closed loop changes next; the end of time when it does not.</summary>
    public long NextStep => Window is null || _step == _steps.Length ? long.MaxValue : Window.Start + _steps[_step].At;

    /// <summary>When the next request of the schedule is due; never in a closed loop.</summary>
    public long NextArrival { get; private set; } = long.MaxValue;

    /// <summary>Null before the window starts.</summary>
    public MeasuredWindow? Window { get; private set; }

    /// <summary>A server that is warm already has no warm-up to settle in; whoever says so knows how that went.</summary>
    public WarmUpRecord WarmUp => new(_meter.Settled || _job.IsWarm, MonotonicClock.Seconds(Window!.Start - _start), _meter.Windows);

    private int Successes { get; set; }

    private long Failures { get; set; }

    /// <summary>When <see cref="Advance"/> wants to be called even if nothing happens.</summary>
    public long NextChange => Math.Min(Math.Min(_nextProgress, NextStep), Phase switch
    {
        LoadPhase.RunIn => RunInEnd,
        LoadPhase.Window when !EndsWithRequest => Window!.NominalEnd,
        _ => long.MaxValue,
    });

    private long WarmUpWindowEnd => _warmUpWindowStart + MonotonicClock.Nanoseconds(_job.WarmUp.Window);

    private long RunInEnd => _phaseStart + MonotonicClock.Nanoseconds(_job.WarmUp.Window);

    private bool EndsWithRequest { get; }

    private bool MixIsWhole => _ended % _job.Payloads.Mix == 0;

    /// <summary>A request has ended, one way or the other.</summary>
    /// <param name="success">Whether it succeeded.</param>
    /// <param name="latency">Its end-to-end latency.</param>
    /// <param name="now">When it ended.</param>
    /// <returns>True when the measured window has started with it.</returns>
    public bool Finished(bool success, long latency, long now)
    {
        if (success) Successes++;
        else Failures++;
        _ended++;
        switch (Phase)
        {
            case LoadPhase.WarmUp:
                if (success) _meter.Succeeded(latency);
                return EndWarmUpWindow(now);
            case LoadPhase.Window when EndsWithRequest && MayEnd(now):
                CloseWindow(now);
                return false;
            default:
                return false;
        }
    }

    /// <summary>
    /// Whether a closed loop's window may end with the request that has just ended: its time is over, it holds as many requests as it
    /// should, unless that takes too long, and the mix is whole, unless that takes too long.
    /// </summary>
    private bool MayEnd(long now)
    {
        if (now < Window!.NominalEnd) return false;
        var longest = Math.Max(Window.NominalEnd, Window.Start + MonotonicClock.Nanoseconds(_job.LongestMeasure));
        if (_ended < _job.LeastRequests && now < longest) return false;
        return MixIsWhole || now - Window.Start >= (1 + Stretch) * (_countMet ??= now - Window.Start);
    }

    /// <summary>The arrival at <see cref="NextArrival"/> has been dealt with.</summary>
    public void TakeArrival()
    {
        NextArrival = _arrivals!.Next() is var next && next == ArrivalSchedule.Never ? long.MaxValue : ScheduleStart + next;
        if (_job.StopsWithWindow && Window is { } window && NextArrival >= window.NominalEnd) NextArrival = long.MaxValue;
    }

    /// <summary>
    /// The phase to which a request belongs: one that is due after a window's end by the clock is no longer the window's, however
    /// late the loop is.
    /// </summary>
    public LoadPhase PhaseOf(long intended) =>
        Phase == LoadPhase.Window && !EndsWithRequest && intended >= Window!.NominalEnd ? LoadPhase.Tail : Phase;

    /// <summary>The change at <see cref="NextStep"/> takes place.</summary>
    public void TakeStep() => Concurrency = _steps[_step++].Concurrency;

    private long ScheduleStart { get; set; }

    /// <summary>Goes on to the next phase when its time has come.</summary>
    /// <param name="now">The present.</param>
    /// <param name="oldest">Intended send of the oldest request still in flight; the end of time when there is none.</param>
    public void Advance(long now, long oldest)
    {
        if (now >= _nextProgress) TellProgress(now);
        switch (Phase)
        {
            // The queue that the closed loop left in the server must be gone, and the schedule's own must have built up.
            case LoadPhase.RunIn when now >= RunInEnd && oldest >= _phaseStart:
                OpenWindow();
                break;
            case LoadPhase.Window when !EndsWithRequest && now >= Window!.NominalEnd:
                CloseWindow(Window.NominalEnd);
                break;
        }
        if (Phase == LoadPhase.Tail && oldest >= Window!.End) Over = true;
    }

    /// <summary>Ends the present window of the warm-up if it is time, and the warm-up if that is over.</summary>
    /// <returns>True when the measured window has started.</returns>
    private bool EndWarmUpWindow(long now)
    {
        var late = now - _start >= MonotonicClock.Nanoseconds(_job.WarmUp.Limit);
        if (now < WarmUpWindowEnd || (!MixIsWhole && !late)) return false;
        _meter.Close(now - _warmUpWindowStart);
        _warmUpWindowStart = now;
        _ended = 0;
        if (!_meter.Settled && !late) return false;
        if (_ofWindow is not null)
        {
            BeginRunIn(now);
            return false;
        }
        OpenWindow();
        return true;
    }

    private void CloseWindow(long end)
    {
        Window!.Close(end);
        Enter(LoadPhase.Tail, end);
        _notices.TryWrite(new LoadNotice(NoticeKind.WindowEnded, default));
    }

    private void BeginRunIn(long now)
    {
        Enter(LoadPhase.RunIn, now);
        Concurrency = 0;
        Schedule(_pattern.RunIn(_job.ArrivalSeed ^ RunInSeed)!, now);
    }

    private void OpenWindow()
    {
        var expected = _pattern.ExpectedSamples(_job, _meter.Windows.Select(w => w.RequestsPerSecond).DefaultIfEmpty().Max());
        Window = new MeasuredWindow(_job, _clock, EndsWithRequest, (int)Math.Min(expected + MoreSamples, MostSamples));
        _ended = 0;
        Enter(LoadPhase.Window, Window.Start);
        // The schedule starts again, so that every stack gets the same arrivals whatever its warm-up took.
        if (_ofWindow is not null) Schedule(_ofWindow, Window.Start);
        _notices.TryWrite(new LoadNotice(NoticeKind.WindowStarting, default));
    }

    private void Schedule(ArrivalSchedule arrivals, long start)
    {
        _arrivals = arrivals;
        ScheduleStart = start;
        TakeArrival();
    }

    private void Enter(LoadPhase phase, long now)
    {
        Phase = phase;
        _phaseStart = now;
    }

    private void TellProgress(long now)
    {
        var since = MonotonicClock.Seconds(now - _nextProgress + ProgressEvery);
        var expected = Phase switch
        {
            LoadPhase.WarmUp => _job.WarmUp.Limit,
            LoadPhase.RunIn => _job.WarmUp.Window,
            LoadPhase.Window => _job.Measure,
            _ => _job.Deadline,
        };
        var progress = new LoadProgress(
            Phase, MonotonicClock.Duration(now - _phaseStart), expected, (Successes - _successesTold) / since, Failures);
        _successesTold = Successes;
        _nextProgress = now + ProgressEvery;
        _notices.TryWrite(new LoadNotice(NoticeKind.Progress, progress));
    }
}
