using System.Globalization;

namespace ServeBench.OnnxServer.Tests.Evidence;

/// <summary>Processor time of a process's threads by what they do, in seconds, from Linux's scheduler (nanoseconds, unlike /proc/PID/stat).</summary>
/// <param name="Inference">The worker that executes the model.</param>
/// <param name="Pool">Threads that read requests, tokenise, and write answers.</param>
/// <param name="Sockets">The thread that waits for sockets.</param>
/// <param name="Other">All others: the compiler, the garbage collector, timers.</param>
internal readonly record struct ThreadTimes(double Inference, double Pool, double Sockets, double Other)
{
    public double Sum => Inference + Pool + Sockets + Other;

    public static ThreadTimes operator -(ThreadTimes a, ThreadTimes b) => new(a.Inference - b.Inference, a.Pool - b.Pool, a.Sockets - b.Sockets, a.Other - b.Other);

    /// <param name="process">Its id.</param>
    /// <param name="worker">The beginning of the worker's name.</param>
    public static ThreadTimes Of(int process, string worker)
    {
        double inference = 0, pool = 0, sockets = 0, other = 0;
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            var name = File.ReadAllText($"{thread}/comm");
            var seconds = Seconds($"{thread}/schedstat");
            if (name.StartsWith(worker, StringComparison.Ordinal)) inference += seconds;
            else if (name.StartsWith(".NET TP", StringComparison.Ordinal)) pool += seconds;
            else if (name.StartsWith(".NET Sockets", StringComparison.Ordinal)) sockets += seconds;
            else other += seconds;
        }
        return new ThreadTimes(inference, pool, sockets, other);
    }

    /// <summary>Of the thread that asks.</summary>
    public static double OfThisThread() => Seconds("/proc/thread-self/schedstat");

    private static double Seconds(string file) => long.Parse(File.ReadAllText(file).Split(' ')[0], CultureInfo.InvariantCulture) / 1e9;
}
