using System.Runtime.InteropServices;

namespace ServeBench.OnnxServer.Runtime;

/// <summary>The C library's heap, in which the runtime reads models and lays them out.</summary>
internal static partial class NativeHeap
{
    /// <summary>
    /// Gives back to the system what loading has left free: the file as it was read, and weights that were packed anew. The C library
    /// keeps it otherwise (docs/decisions/0119). Only glibc has such a call.
    /// </summary>
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, which keeps little by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
