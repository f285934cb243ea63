using System.Runtime.InteropServices;

namespace ServeBench.Platform.Linux;

/// <summary>
/// When received bytes reached this machine's network stack, by the kernel's own stamp (SO_TIMESTAMPNS, socket(7)). The time at which
/// a thread reads them is later by what the system takes to wake it, a tenth of a millisecond and more on virtual processors, which is
/// neither the network's time nor that of the other side.
/// </summary>
internal static unsafe class ArrivalStamp
{
    private const int SO_TIMESTAMPNS = 35;
    private const int CLOCK_REALTIME = 0;

    /// <summary>A control message with a timespec is 32 bytes on systems of 64 bits; what else may come is cut off.</summary>
    private const int ControlBytes = 64;

    /// <summary>Has the kernel stamp what a socket receives. Where it cannot, <see cref="Receive"/> gives the time of reading.</summary>
    public static void Enable(int socket)
    {
        var on = 1;
        _ = Libc.setsockopt(socket, Libc.SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(int));
    }

    /// <summary>As recv(2).</summary>
    /// <param name="socket">One that was given to <see cref="Enable"/>.</param>
    /// <param name="buffer">Gets the bytes.</param>
    /// <param name="size">How many it can hold.</param>
    /// <param name="arrived">When the last of the bytes arrived, by the monotonic clock; never later than now.</param>
    public static nint Receive(int socket, byte* buffer, nint size, out long arrived)
    {
        var control = stackalloc byte[ControlBytes];
        var vector = new Libc.IoVector { Base = buffer, Length = size };
        var message = new Libc.MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlBytes };
        var count = Libc.recvmsg(socket, &message, 0);
        // Read before the clocks are, which are system calls as far as .NET knows.
        var error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
        // In this order: whoever is interrupted between the two takes the bytes for younger than they are, never for older.
        Libc.TimeSpec now;
        var known = Libc.clock_gettime(CLOCK_REALTIME, &now) == 0;
        arrived = MonotonicClock.System.Now;
        // The stamp is of the clock that can be set; only the short time since is taken from it.
        if (count > 0 && known && Stamp(&message) is { } stamp)
            arrived -= Math.Max(0, ((now.Seconds - stamp.Seconds) * 1_000_000_000) + now.Nanoseconds - stamp.Nanoseconds);
        if (count < 0) Marshal.SetLastPInvokeError(error);
        return count;
    }

    private static Libc.TimeSpec? Stamp(Libc.MessageHeader* message)
    {
        if (message->ControlLength < (nuint)(sizeof(Libc.ControlHeader) + sizeof(Libc.TimeSpec))) return null;
        var head = (Libc.ControlHeader*)message->Control;
        return head->Level == Libc.SOL_SOCKET && head->Type == SO_TIMESTAMPNS ? *(Libc.TimeSpec*)(head + 1) : null;
    }
}
