using System.Runtime.InteropServices;

namespace ServeBench.Processes.Running;

/// <summary>
/// Whose a file or folder is (Linux): what another user has put into a folder that all may write to is not to be believed.
/// </summary>
public static partial class FileOwner
{
    /// <summary>Whether it belongs to the user that this program runs as. A link is not followed, so that it is its own.</summary>
    /// <returns>False also where there is no such file, or its owner cannot be read.</returns>
    public static bool IsOwn(string path) => FileStatus.Owner(path) is { } owner && owner == EffectiveUser();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
