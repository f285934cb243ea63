namespace ServeBench.Platform.Linux;

/// <summary>CPU time of one thread.</summary>
internal static class ThreadCpu
{
    /// <summary>User and system time of the calling thread in nanoseconds; null where the system does not report it.</summary>
    public static unsafe long? OfThisThread()
    {
        if (!Epoll.IsSupported) return null;
        Libc.TimeSpec time;
        return Libc.clock_gettime(Libc.CLOCK_THREAD_CPUTIME_ID, &time) == 0 ? time.Seconds * 1_000_000_000 + time.Nanoseconds : null;
    }
}
