using ServeBench.Domain.Samples;
using ServeBench.Domain.Stacks;
using ServeBench.Platform;

namespace ServeBench.Load.Native;

/// <summary>What a server's habits say of its connections: which it will close, and which it was going to close.</summary>
internal sealed class ConnectionKeeping(ConnectionHabits habits)
{
    /// <summary>
    /// A server's timer starts before the client has its answer and ends before the client hears of it, so that a connection may be closed
    /// a little before the client thinks that it has been idle for so long.
    /// </summary>
    private const double IdleShare = 0.9;

    private readonly long _idle =
        habits.Idle is { } idle ? (long)(IdleShare * MonotonicClock.Nanoseconds(idle)) : long.MaxValue;

    private readonly int _most = habits.ClosesAfter == ClosesAfter.Answer ? 1 : habits.Requests ?? int.MaxValue;

    /// <summary>Whether the server keeps the connection of a request that has ended, so that it can carry another.</summary>
    public bool Keeps(Connection c, Outcome outcome) =>
        c.Uses + 1 < _most && (habits.ClosesAfter != ClosesAfter.Error || outcome == Outcome.Success);

    /// <summary>
    /// Whether a connection that ended without a byte of an answer ended because it had been idle for as long as the server waits, and not
    /// because of the request that crossed its end.
    /// </summary>
    public bool WasToBeClosed(Connection c) => c.Uses > 0 && c.Sent - c.LastUse >= _idle;
}
