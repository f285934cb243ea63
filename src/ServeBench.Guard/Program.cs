using System.Runtime.InteropServices;

namespace ServeBench.Guard;

/// <summary>
/// Becomes the parent of every orphan among its descendants (a child subreaper, which a shell script cannot make itself), and then
/// becomes the shell that it was given: <c>ServeBench.Guard FORGET SHELL [ARGUMENT...]</c>. What the shell starts comes back to it,
/// however it forks, and whatever happens to the process that started this one. Linux only.
/// </summary>
internal static unsafe partial class Program
{
    /// <summary>prctl(2): orphans of this process's descendants become its children. Kept across execve, and not inherited.</summary>
    private const int PR_SET_CHILD_SUBREAPER = 36;

    private const int SIGPIPE = 13;

    /// <param name="arguments">Names of environment variables, with commas between, that were meant for this program and not for
    /// what it becomes; the shell; its arguments.</param>
    private static int Main(string[] arguments)
    {
        if (Control(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return Failed("become a child subreaper");
        foreach (var name in arguments[0].Split(',', StringSplitOptions.RemoveEmptyEntries)) _ = Forget(name);
        // The runtime ignores it, and what is ignored would stay so in the server.
        _ = Signal(SIGPIPE, 0);
        var words = (byte**)NativeMemory.AllocZeroed((nuint)arguments.Length, (nuint)sizeof(byte*));
        for (var i = 1; i < arguments.Length; i++) words[i - 1] = (byte*)Marshal.StringToCoTaskMemUTF8(arguments[i]);
        _ = Become(words[0], words);
        return Failed($"become {arguments[1]}");
    }

    private static int Failed(string what)
    {
        Console.Out.WriteLine($"cannot {what}: {Marshal.GetLastPInvokeErrorMessage()}");
        return 126;
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Forget(string name);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int number, nint handler);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true)]
    private static partial int Become(byte* path, byte** words);
}
