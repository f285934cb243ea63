using ServeBench.Load.Native;
using ServeBench.Platform;

namespace ServeBench.Load.Tests.Native;

/// <summary>
/// A server without sockets and a clock that it moves itself, so that the order of things and their times are certain and nothing
/// waits: a poll takes a microsecond, or until the next thing happens. Once a connection idles, something more may happen to it there
/// and then.
/// </summary>
internal sealed class FakeSocketLoop(Action<ISocketEvents, int>? whenIdle = null) : ISocketLoop
{
    private const long Microsecond = 1000;

    private readonly ManualTime _time = new();
    private readonly PriorityQueue<(int Connection, int Made, int? Request), (long At, int Order)> _pending = new();
    private readonly Dictionary<int, int> _open = [];
    private readonly HashSet<int> _ends = [];
    private int _order;
    private int _sends;
    private int _wentOut;
    private int _inFlight;
    private MonotonicClock? _clock;

    public MonotonicClock Clock => _clock ??= new MonotonicClock(_time);

    public int Connects { get; private set; }

    /// <summary>Requests sent so far.</summary>
    public int Requests { get; private set; }

    /// <summary>The most requests that were not yet answered at any time.</summary>
    public int MostInFlight { get; private set; }

    /// <summary>Times that a connection was left idle and something happened to it.</summary>
    public int Idled { get; private set; }

    public int Open => _open.Count;

    /// <summary>How long a poll keeps the driver from anything else, as a machine that is busy with others does.</summary>
    public Func<TimeSpan> Stall { get; init; } = () => TimeSpan.Zero;

    /// <summary>How long the server takes for a request, a microsecond at least: its number, from 0, and when it came, by the clock.</summary>
    public Func<int, long, TimeSpan> Latency { get; init; } = (_, _) => TimeSpan.FromMicroseconds(50);

    public bool WorksOnOneThread => true;

    public int Connect(int connection)
    {
        Connects++;
        Assert.True(_open.TryAdd(connection, Connects), "this connection is open already");
        _pending.Enqueue((connection, Connects, null), (Clock.Now + Microsecond, _order++));
        return 0;
    }

    public int Send(int connection, byte[] bytes)
    {
        Assert.True(_open.TryGetValue(connection, out var made));
        if (FailedSends.Remove(_sends++, out _wentOut)) return 32;
        _wentOut = bytes.Length;
        MostInFlight = Math.Max(MostInFlight, ++_inFlight);
        if (Unanswered.Contains(Requests)) _ends.Add(made);
        _pending.Enqueue((connection, made, Requests), (Clock.Now + Math.Max(Microsecond, MonotonicClock.Nanoseconds(Latency(Requests, Clock.Now))), _order++));
        Requests++;
        return 0;
    }

    public int SendAfterWaiting(int connection, ReadOnlySpan<byte> bytes) => throw new NotSupportedException("this server speaks HTTP/1");

    /// <summary>Whether the other side is known to have closed every connection once it has answered.</summary>
    public bool ClosesAfterAnswer { get; init; }

    /// <summary>Which sends, from 0, fail because the server has closed the connection, with how many bytes gone out before.</summary>
    public Dictionary<int, int> FailedSends { get; } = [];

    /// <summary>Which requests, from 0, end with the connection instead of an answer.</summary>
    public HashSet<int> Unanswered { get; } = [];

    /// <summary>Which requests, from 0, the server answers with an error.</summary>
    public Func<int, bool> Errors { get; init; } = _ => false;

    public bool HasSentNothing(int connection) => _wentOut == 0;

    public bool HasUnsent(int connection) => false;

    public bool IsEnded(int connection) => ClosesAfterAnswer;

    public void Close(int connection) => _open.Remove(connection);

    public void Poll(long until, ISocketEvents events)
    {
        var next = _pending.TryPeek(out _, out var due) ? Math.Min(due.At, until) : until;
        Assert.True(next < long.MaxValue, "the driver waits for nothing");
        _time.Advance(Stall() is var stall && stall > TimeSpan.Zero ? MonotonicClock.Nanoseconds(stall) : Math.Max(Microsecond, next - Clock.Now));
        for (var now = Clock.Now; _pending.TryPeek(out var one, out due) && due.At <= now;)
        {
            _pending.Dequeue();
            if (one.Request is not null) _inFlight--;
            // What an earlier connection of the same number has left behind.
            if (_open.GetValueOrDefault(one.Connection) != one.Made) continue;
            if (one.Request is not { } request)
            {
                events.Connected(one.Connection, now);
                continue;
            }
            if (_ends.Contains(one.Made))
            {
                events.Ended(one.Connection, 0, now);
                continue;
            }
            var answer = Errors(request) ? "HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\n{}"u8 : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"u8;
            events.Received(one.Connection, answer, now);
            // In a closed loop the connection is busy again by now.
            if (whenIdle is null || !_open.ContainsKey(one.Connection) || _pending.UnorderedItems.Any(p => p.Element.Connection == one.Connection)) continue;
            Idled++;
            whenIdle(events, one.Connection);
        }
    }

    public void Wake() { }

    public string Describe(int error) => $"error {error}";

    public void Dispose() { }
}
