using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ServeBench.Platform.Linux;

/// <summary>
/// An epoll instance with a timer and a wake-up call of its own. Edge-triggered: each change is reported once.
/// Single-threaded but for <see cref="Wake"/>.
/// </summary>
internal sealed unsafe class Epoll : IDisposable
{
    /// <summary>Keys of the two descriptors that are the loop's own; callers use keys from 0.</summary>
    private const ulong TimerKey = ulong.MaxValue;
    private const ulong WakeKey = ulong.MaxValue - 1;

    // struct epoll_event is packed on x64 only; elsewhere its 64-bit data is aligned.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int KeyOffset = EventSize - 8;

    private readonly byte[] _events;
    private readonly int _maximum;
    private readonly int _epoll;
    private readonly int _timer;
    private readonly int _wake;
    private long _armed;

    /// <param name="maximum">
    /// Events taken at once. Few, so that an arrival that falls due while they are served is not kept waiting for long;
    /// enough to share the cost of the call.
    /// </param>
    public Epoll(int maximum = 32)
    {
        _maximum = maximum;
        _events = GC.AllocateArray<byte>(maximum * EventSize, pinned: true);
        _epoll = LinuxError.Check(Libc.epoll_create1(Libc.EPOLL_CLOEXEC), "create an epoll instance");
        _timer = LinuxError.Check(Libc.timerfd_create(Libc.CLOCK_MONOTONIC, Libc.TFD_NONBLOCK | Libc.TFD_CLOEXEC), "create a timer");
        _wake = LinuxError.Check(Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC), "create an event descriptor");
        Add(_timer, Libc.EPOLLIN | Libc.EPOLLET, TimerKey);
        Add(_wake, Libc.EPOLLIN | Libc.EPOLLET, WakeKey);
    }

    /// <summary>True where the constants and structures of <see cref="Libc"/> hold.</summary>
    public static bool IsSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public void Add(int descriptor, uint events, ulong key)
    {
        var change = stackalloc byte[EventSize];
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(change, 4), events);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(change + KeyOffset, 8), key);
        LinuxError.Check(Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_ADD, descriptor, change), "watch a descriptor");
    }

    /// <summary>
    /// Waits for events, until <paramref name="until"/> at the latest by the monotonic clock; it may return earlier with none.
    /// </summary>
    /// <returns>How many events there are for <see cref="Event"/>.</returns>
    public int Wait(long until)
    {
        var now = MonotonicClock.System.Now;
        var block = until > now;
        // A timer that is set and fires no later than this will do; it is set again only when it would fire too late or has fired.
        if (block && (_armed <= now || until < _armed)) Arm(until, until - now);
        fixed (byte* events = _events)
        {
            var count = Libc.epoll_wait(_epoll, events, _maximum, block ? -1 : 0);
            if (count >= 0) return count;
            return Marshal.GetLastPInvokeError() == Libc.EINTR ? 0 : LinuxError.Check(count, "wait for events");
        }
    }

    /// <returns>False for the loop's own timer and wake-up, which have done their work by ending the wait.</returns>
    public bool Event(int index, out uint events, out ulong key)
    {
        var at = _events.AsSpan(index * EventSize, EventSize);
        events = BinaryPrimitives.ReadUInt32LittleEndian(at);
        key = BinaryPrimitives.ReadUInt64LittleEndian(at[KeyOffset..]);
        return key < WakeKey;
    }

    /// <summary>Ends the present wait, or the next one; from any thread.</summary>
    public void Wake()
    {
        ulong one = 1;
        // The counter cannot overflow in the life of a run, so this cannot fail.
        _ = Libc.write(_wake, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        _ = Libc.close(_timer);
        _ = Libc.close(_wake);
        _ = Libc.close(_epoll);
    }

    private void Arm(long at, long fromNow)
    {
        var value = new Libc.TimerSpec { Value = Libc.TimeSpec.Of(fromNow) };
        LinuxError.Check(Libc.timerfd_settime(_timer, 0, &value, null), "set a timer");
        _armed = at;
    }
}
