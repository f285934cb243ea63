using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ServeBench.Processes.Cpu;

/// <summary>
/// Confines threads and processes to logical processors. On Linux through the kernel; elsewhere nothing is confined, and
/// <see cref="IsSupported"/> is false so that reports can say so.
/// </summary>
public static partial class CpuAffinity
{
    /// <summary>Bytes of a mask with room for 1,024 processors, the kernel interface's own size.</summary>
    private const int MaskBytes = 128;

    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>The processors that this process may use.</summary>
    public static IReadOnlyList<int> Available { get; } = IsSupported
        ? Get(Environment.ProcessId)
        : [.. Enumerable.Range(0, Environment.ProcessorCount)];

    /// <summary>
    /// Confines every thread of this process. Threads that .NET starts later are confined too: it gives each the affinity of
    /// the process, which is that of its main thread.
    /// </summary>
    public static void PinThisProcess(IReadOnlyCollection<int> cpus)
    {
        if (!IsSupported) return;
        // A thread may start while the others are being confined; a pass that meets no new one is the last.
        var done = new HashSet<int>();
        bool again;
        do
        {
            again = false;
            foreach (var path in Directory.EnumerateDirectories("/proc/self/task"))
            {
                var thread = int.Parse(Path.GetFileName(path));
                if (!done.Add(thread)) continue;
                again = true;
                if (!TrySet(thread, cpus, out var error) && Directory.Exists(path)) throw error;
            }
        }
        while (again);
    }

    /// <summary>
    /// Runs something on a thread confined to the given processors. Processes and native threads that it starts inherit that;
    /// threads of .NET do not (they get the affinity of the process).
    /// </summary>
    public static T RunOn<T>(IReadOnlyCollection<int> cpus, Func<T> action)
    {
        if (!IsSupported) return action();
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (!TrySet(0, cpus, out var error)) throw error;
                result = action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        }) { IsBackground = true, Name = $"confined to {CpuList.Format(cpus)}" };
        thread.Start();
        thread.Join();
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return result;
    }

    /// <summary>The processors that a process (its main thread) or a thread may use.</summary>
    public static IReadOnlyList<int> Get(int id)
    {
        Span<byte> mask = stackalloc byte[MaskBytes];
        if (SchedGetAffinity(id, MaskBytes, mask) < 0) throw new Win32Exception();
        var cpus = new List<int>();
        for (var cpu = 0; cpu < MaskBytes * 8; cpu++)
        {
            if ((mask[cpu / 8] & (1 << (cpu % 8))) != 0) cpus.Add(cpu);
        }
        return cpus;
    }

    /// <summary>Confines a thread of any process of this user.</summary>
    /// <returns>False when there is no such thread any more, or it is another user's.</returns>
    public static bool TryConfine(int thread, IReadOnlyCollection<int> cpus) => IsSupported && TrySet(thread, cpus, out _);

    private static bool TrySet(int id, IReadOnlyCollection<int> cpus, out Win32Exception error)
    {
        Span<byte> mask = stackalloc byte[MaskBytes];
        mask.Clear();
        foreach (var cpu in cpus) mask[cpu / 8] |= (byte)(1 << (cpu % 8));
        var ok = SchedSetAffinity(id, MaskBytes, mask) == 0;
        error = ok ? null! : new Win32Exception();
        return ok;
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SchedSetAffinity(int id, nint size, ReadOnlySpan<byte> mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int SchedGetAffinity(int id, nint size, Span<byte> mask);
}
