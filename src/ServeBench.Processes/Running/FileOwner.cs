using System.Runtime.InteropServices;

namespace ServeBench.Processes.Running;

/// <summary>
/// Whose a file or folder is (Linux): what another user has put into a folder that all may write to is not to be believed.
/// </summary>
public static unsafe partial class FileOwner
{
    private const int RelativeToCurrentFolder = -100; // AT_FDCWD
    private const int DoNotFollowLinks = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint AskForUser = 0x8; // STATX_UID

    /// <summary>struct statx has 256 bytes; the user's id is behind mask, block size, attributes (8 bytes) and number of links.</summary>
    private const int StatusBytes = 256;

    private const int UserOffset = 20;

    /// <summary>Whether it belongs to the user that this program runs as. A link is not followed, so that it is its own.</summary>
    /// <returns>False also where there is no such file, or its owner cannot be read.</returns>
    public static bool IsOwn(string path)
    {
        if (!OperatingSystem.IsLinux()) return false;
        var status = stackalloc byte[StatusBytes];
        return Statx(RelativeToCurrentFolder, path, DoNotFollowLinks, AskForUser, status) == 0
            && *(uint*)(status + UserOffset) == EffectiveUser();
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
