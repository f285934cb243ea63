using System.Threading.Channels;
using ServeBench.Domain.Samples;
using ServeBench.Load.Encoding;
using ServeBench.Load.Http;
using ServeBench.Platform;

namespace ServeBench.Load.Native;

/// <summary>
/// Sends the requests and follows each to its end. Runs on one thread; every kind of socket loop gives the same semantics,
/// because they are all here. Nothing is allocated per request.
/// </summary>
internal sealed class LoadEngine : ISocketEvents
{
    private readonly ISocketLoop _loop;
    private readonly MonotonicClock _clock;
    private readonly RenderedRequest[] _requests;
    private readonly PayloadFeed _payloads;
    private readonly LoadPhases _phases;
    private readonly ConnectionKeeping _keeping;
    private readonly AnswerJudge _judge;
    private readonly long _deadline;
    private readonly Connection[] _connections;

    /// <summary>In the order of their intended sends, so that the first is the next to reach its deadline.</summary>
    private readonly ConnectionList _inFlight = new();

    private readonly FreeConnections _free;
    private readonly RestingConnections _resting;
    private readonly Pace _pace;

    private readonly ClosedSlots _slots;

    public LoadEngine(LoadJob job, ISocketLoop loop, int connections, ChannelWriter<LoadNotice> notices)
    {
        _loop = loop;
        _clock = loop.Clock;
        _requests = job.Payloads.Rendered;
        _payloads = new PayloadFeed(job);
        _judge = new AnswerJudge(job);
        _deadline = MonotonicClock.Nanoseconds(job.Deadline);
        _keeping = new ConnectionKeeping(job.Habits);
        _connections = [.. Enumerable.Range(0, connections).Select(i => new Connection(i, _judge.NewReader()))];
        _free = new FreeConnections(_connections);
        _resting = new RestingConnections(connections);
        _pace = new Pace(job.Target.MostPerSecond, _resting);
        _phases = new LoadPhases(job, notices, _clock);
        _slots = new ClosedSlots(_phases);
    }

    public LoadPhases Phases => _phases;

    /// <summary>Requests that were not the window's.</summary>
    public int OutsideWindow => _payloads.OutsideWindow;

    /// <summary>The last error of a connection that was refused or broke; 0 when the other side closed it or none did.</summary>
    public int LastError { get; private set; }

    /// <summary>Why the server said that it ended that connection; empty where it did not say so.</summary>
    public string LastGoodbye { get; private set; } = "";

    /// <summary>Runs the whole load.</summary>
    /// <exception cref="OperationCanceledException">when cancelled.</exception>
    public void Run(CancellationToken ct)
    {
        Fill(_clock.Now);
        while (!_phases.Over)
        {
            ct.ThrowIfCancellationRequested();
            var now = _clock.Now;
            while (_inFlight.First is { } late && late.Intended + _deadline <= now) Finish(late, Outcome.Timeout, now);
            while (_resting.Next <= now) Resume(_resting.Take(), now);
            while (_phases.NextStep is var step && step <= now)
            {
                _phases.TakeStep();
                Fill(step);
            }
            // Before the phase can change: a loop that is late still owes the phase every arrival that was due in it.
            Arrive(now);
            _phases.Advance(now, _inFlight.First?.Intended ?? long.MaxValue);
            // With nothing in flight and nothing due there would be nothing to wake up for.
            if (!_phases.Over) _loop.Poll(NextWake(), this);
        }
    }

    public void Connected(int connection, long now)
    {
        var c = _connections[connection];
        c.State = ConnectionState.Busy;
        Send(c);
    }

    public void Received(int connection, ReadOnlySpan<byte> bytes, long arrived)
    {
        var c = _connections[connection];
        if (c.State == ConnectionState.Idle)
        {
            // What bytes that nobody asked for would do to the next answer is not to be found out, unless they are no part of any.
            if (!c.Answers.FeedIdle(bytes)) Drop(c);
            else c.Flush(_loop);
            return;
        }
        // The clock that the stamp is of may have been set in between.
        arrived = Math.Max(arrived, c.Sent);
        var state = c.Answers.Feed(bytes, arrived);
        if (c.First == 0 && c.Answers.HasFirst) c.First = arrived;
        switch (state)
        {
            case ParserState.Complete:
                Finish(c, _judge.Of(c), arrived);
                break;
            case ParserState.NotTaken when c.Uses > 0:
                Reopen(c);
                break;
            case ParserState.NotTaken:
                Break(c, Outcome.Disconnected, 0, arrived);
                break;
            case ParserState.Malformed:
                Finish(c, Outcome.WrongAnswer, arrived);
                break;
        }
        c.Flush(_loop);
    }

    public void AllSent(int connection) => _connections[connection].Flush(_loop);

    public void Ended(int connection, int error, long now)
    {
        var c = _connections[connection];
        switch (c.State)
        {
            case ConnectionState.Idle:
                c.WasClosed = true;
                Drop(c);
                return;
            case ConnectionState.Busy when !c.Answers.Started && _keeping.WasToBeClosed(c):
                Reopen(c);
                return;
            case ConnectionState.Connecting:
                Break(c, Outcome.Refused, error, now);
                return;
        }
        if (error == 0 && c.Answers.EndOfStream() == ParserState.Complete) Finish(c, _judge.Of(c), now);
        else Break(c, Outcome.Disconnected, error, now);
    }

    private long NextWake()
    {
        var wake = Math.Min(Math.Min(_phases.NextChange, _phases.NextArrival), _resting.Next);
        return _inFlight.First is { } oldest ? Math.Min(wake, oldest.Intended + _deadline) : wake;
    }

    /// <summary>Sends what the schedule says is due.</summary>
    private void Arrive(long now)
    {
        while (_phases.NextArrival <= now)
        {
            var intended = _phases.NextArrival;
            _phases.TakeArrival();
            if (_free.Take() is { } free)
            {
                Start(free, intended);
            }
            else
            {
                var payload = _payloads.Next(_phases.PhaseOf(intended));
                _phases.Window?.Drop(intended, payload, _clock.Now);
                _phases.Finished(success: false, 0, intended);
            }
        }
    }

    private void Start(Connection c, long intended)
    {
        c.Intended = intended;
        c.Sent = 0;
        c.First = 0;
        c.Payload = _payloads.Next(_phases.PhaseOf(intended));
        c.Recorded = false;
        _phases.Window?.Take(c);
        c.Answers.Reset(c.Kept);
        _inFlight.AddLast(c);
        if (c.State == ConnectionState.Idle)
        {
            c.State = ConnectionState.Busy;
            Send(c);
            return;
        }
        Connect(c);
    }

    private void Connect(Connection c)
    {
        if (c.Recorded) _phases.Window!.Opened(c.WasClosed);
        c.WasClosed = false;
        c.Uses = 0;
        c.State = ConnectionState.Connecting;
        var error = _loop.Connect(c.Number);
        if (error == 0) return;
        Break(c, Outcome.Refused, error, _clock.Now);
    }

    /// <summary>The server closed the connection before it took the request: it goes out on a new one, whose first it is.</summary>
    private void Reopen(Connection c)
    {
        _loop.Close(c.Number);
        c.WasClosed = true;
        c.Sent = c.First = 0;
        c.Kept?.Clear();
        c.Answers.Reset(c.Kept);
        Connect(c);
    }

    private void Send(Connection c)
    {
        var request = _requests[c.Payload];
        c.Prepare(request);
        c.Sent = _clock.Now;
        var error = c.Send(_loop, request);
        if (error == 0) return;
        if (c.Uses > 0 && c.HasSentNothing(_loop))
        {
            Reopen(c);
            return;
        }
        Break(c, Outcome.Disconnected, error, _clock.Now);
    }

    /// <summary>A request has ended with its connection.</summary>
    private void Break(Connection c, Outcome outcome, int error, long ended)
    {
        LastError = error;
        LastGoodbye = outcome == Outcome.Refused ? "" : c.Answers.Goodbye; // Of a connection that there was.
        Finish(c, outcome, ended);
    }

    /// <summary>A request has ended; what follows from that happens now, which may be later.</summary>
    private void Finish(Connection c, Outcome outcome, long ended)
    {
        _inFlight.Remove(c);
        if (c.Recorded) _phases.Window!.Record(c, outcome, ended);
        var now = _clock.Now;
        // Where the window has started with it, the request that follows is the window's first.
        if (_phases.Finished(outcome == Outcome.Success, ended - c.Intended, ended)) now = _phases.Window!.Start;
        // A server may answer before it has read the whole request; the rest of it must not be taken for the next one.
        var isKept = outcome != Outcome.Timeout && c.Answers.KeepAlive && !_loop.HasUnsent(c.Number) && _keeping.Keeps(c, outcome);
        if (isKept && !_loop.IsEnded(c.Number))
        {
            c.State = ConnectionState.Idle;
            c.Uses++;
            c.LastUse = now;
        }
        else
        {
            // Whether its end is noticed with the answer or while it is idle, not a byte of another request was sent on it.
            c.WasClosed = isKept || c.Answers is { State: ParserState.Complete, IsClosing: true };
            _loop.Close(c.Number);
            c.State = ConnectionState.Closed;
        }
        var unanswered = outcome is Outcome.Refused or Outcome.Disconnected && !c.Answers.Started;
        c.FailuresInARow = unanswered ? c.FailuresInARow + 1 : 0;
        if (_slots.IsSurplus()) _free.Put(c);
        else if (unanswered) _resting.Add(c, now);
        else Begin(c, now);
    }

    /// <summary>A slot of a closed loop goes on, unless the closed loop is over or has fewer slots now.</summary>
    private void Resume(Connection c, long now)
    {
        if (_slots.IsSurplus()) Release(c);
        else Begin(c, now);
    }

    private void Release(Connection c)
    {
        c.HasTurn = false;
        _free.Put(c);
    }

    /// <summary>Sends the next request of a closed loop, as soon as it may.</summary>
    private void Begin(Connection c, long intended)
    {
        if (!_pace.Defers(c, intended)) Start(c, intended);
    }

    /// <summary>Sends a request in every free slot of a closed loop, intended for the moment in which there came to be a slot.</summary>
    private void Fill(long intended)
    {
        while (_slots.TryTake()) Begin(_free.Take()!, intended);
    }

    /// <summary>Closes a connection that nobody is using.</summary>
    private void Drop(Connection c)
    {
        c.WasClosed |= c.Answers.IsClosing;
        _loop.Close(c.Number);
        c.State = ConnectionState.Closed;
        if (!c.HasTurn) _free.Closed(c); // One that waits for its turn is no free one.
    }
}
