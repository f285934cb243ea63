using System.Runtime.InteropServices;

namespace ServeBench.Processes.Running;

/// <summary>Sends signals to processes by their id, on systems that have signals.</summary>
public static partial class ProcessSignals
{
    /// <summary>The signals that a stop may use, by their numbers on this system.</summary>
    private static readonly Dictionary<string, int> Numbers = new(StringComparer.Ordinal)
    {
        ["SIGHUP"] = 1,
        ["SIGINT"] = 2,
        ["SIGQUIT"] = 3,
        ["SIGKILL"] = 9,
        ["SIGUSR1"] = OperatingSystem.IsLinux() ? 10 : 30,
        ["SIGUSR2"] = OperatingSystem.IsLinux() ? 12 : 31,
        ["SIGTERM"] = 15,
    };

    /// <summary>
    /// Sends it. A process that ends before it arrives is none that had to be signalled.
    /// </summary>
    /// <param name="process">Its id; a group's id with a minus sign for every process of the group.</param>
    /// <param name="signal">Its name: <c>SIGTERM</c>.</param>
    /// <returns>Whether there was a process that it went to.</returns>
    public static bool Send(int process, string signal)
    {
        // 0 and -1 would mean everybody.
        if (process is >= -1 and <= 1) 
            throw new ArgumentOutOfRangeException(nameof(process), process, "that is no single process or group");
        return Kill(process, Numbers[signal]) == 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
