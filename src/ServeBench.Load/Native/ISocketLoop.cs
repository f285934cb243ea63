using ServeBench.Platform;

namespace ServeBench.Load.Native;

/// <summary>
/// Connections to one server, numbered from 0, all served by the thread that calls <see cref="Poll"/>. What happens is reported
/// through <see cref="ISocketEvents"/> inside Poll, never inside another call. Errors are the system's own numbers.
/// </summary>
internal interface ISocketLoop : IDisposable
{
    /// <summary>The clock of everything that it reports; its users take the time from it too.</summary>
    MonotonicClock Clock { get; }

    /// <summary>True when the thread that polls does all the work, so that its CPU time is the loop's.</summary>
    bool WorksOnOneThread { get; }

    /// <summary>Begins to connect; success is reported later.</summary>
    /// <returns>0, or why it failed at once.</returns>
    int Connect(int connection);

    /// <summary>Sends all the bytes, as fast as the other side takes them; the caller leaves them unchanged.</summary>
    /// <returns>0, or why the connection broke; it is for the caller to close it.</returns>
    int Send(int connection, byte[] bytes);

    /// <summary>
    /// Sends bytes after those that still wait to go out; the caller may change them at once. A connection uses this or <see cref="Send"/>.
    /// What waits is copied: give no more while <see cref="HasUnsent"/>, until <see cref="ISocketEvents.AllSent"/> is reported.
    /// </summary>
    /// <returns>0, or why the connection broke; it is for the caller to close it.</returns>
    int SendAfterWaiting(int connection, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// True when the last <see cref="Send"/> or <see cref="SendAfterWaiting"/> failed before any byte went out; false too where the system
    /// does not say.
    /// </summary>
    bool HasSentNothing(int connection);

    /// <summary>True when bytes of the last <see cref="Send"/> or <see cref="SendAfterWaiting"/> still wait to go out.</summary>
    bool HasUnsent(int connection);

    /// <summary>True when the other side is known to have closed the connection.</summary>
    bool IsEnded(int connection);

    /// <summary>Closes; nothing more is reported of this connection until it is connected again.</summary>
    void Close(int connection);

    /// <summary>Serves what is ready; when nothing is, waits until something is, the time comes, or someone wakes it.</summary>
    /// <param name="until">By <see cref="Clock"/>.</param>
    void Poll(long until, ISocketEvents events);

    /// <summary>Ends the present or the next wait; from any thread.</summary>
    void Wake();

    /// <summary>An error number in words.</summary>
    string Describe(int error);
}

/// <summary>What happens on connections. Times are when the loop noticed, by <see cref="ISocketLoop.Clock"/>.</summary>
internal interface ISocketEvents
{
    void Connected(int connection, long now);

    /// <param name="connection">On which connection.</param>
    /// <param name="bytes">What came.</param>
    /// <param name="arrived">
    /// When it came, as early as the system can say; what came before on another connection may be reported later.
    /// </param>
    void Received(int connection, ReadOnlySpan<byte> bytes, long arrived);

    /// <summary>All bytes that had to wait have gone out; may be reported for sends that did not wait, too.</summary>
    void AllSent(int connection);

    /// <summary>
    /// The connection could not be made, broke, or was closed by the other side (error 0). It is not closed on this side yet.
    /// </summary>
    void Ended(int connection, int error, long now);
}
