using ServeBench.Domain.Faults;

namespace ServeBench.Build.Evidence.Servers;

/// <summary>
/// Processor time of a process's threads by what they do, in seconds, from Linux's scheduler (nanoseconds, unlike /proc/PID/stat).
/// </summary>
/// <param name="Inference">The workers that execute the model.</param>
/// <param name="Pool">Threads that read requests and write answers.</param>
/// <param name="Sockets">The thread that waits for sockets.</param>
/// <param name="Other">All others: the compiler, the garbage collector, timers.</param>
internal readonly record struct ThreadUse(double Inference, double Pool, double Sockets, double Other)
{
    public double Sum => Inference + Pool + Sockets + Other;

    public static ThreadUse operator -(ThreadUse a, ThreadUse b) =>
        new(a.Inference - b.Inference, a.Pool - b.Pool, a.Sockets - b.Sockets, a.Other - b.Other);

    /// <param name="process">Its id.</param>
    /// <param name="worker">How the names of its workers begin.</param>
    /// <returns>Nothing but zeros where the system does not say.</returns>
    public static ThreadUse Of(int process, string worker)
    {
        double inference = 0, pool = 0, sockets = 0, other = 0;
        if (!OperatingSystem.IsLinux()) return default;
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            string name;
            double seconds;
            try
            {
                name = File.ReadAllText($"{thread}/comm");
                seconds = Seconds($"{thread}/schedstat");
            }
            catch (IOException)
            {
                // The thread has ended since it was listed.
                continue;
            }
            if (name.StartsWith(worker, StringComparison.Ordinal)) inference += seconds;
            else if (name.StartsWith(".NET TP", StringComparison.Ordinal)) pool += seconds;
            else if (name.StartsWith(".NET Sockets", StringComparison.Ordinal)) sockets += seconds;
            else other += seconds;
        }
        return new ThreadUse(inference, pool, sockets, other);
    }

    /// <summary>Of the thread that asks.</summary>
    /// <exception cref="RunFailedException">when the system does not tell.</exception>
    public static double OfThisThread() => OperatingSystem.IsLinux()
        ? Seconds("/proc/thread-self/schedstat")
        : throw new RunFailedException("processor time of threads is read from /proc", "Run it on Linux");

    private static double Seconds(string file) => long.Parse(File.ReadAllText(file).Split(' ')[0]) / 1e9;
}
