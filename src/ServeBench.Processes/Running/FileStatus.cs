using System.Runtime.InteropServices;

namespace ServeBench.Processes.Running;

/// <summary>What Linux knows of a file that .NET does not say: struct statx.</summary>
internal static unsafe partial class FileStatus
{
    private const int RelativeToCurrentFolder = -100; // AT_FDCWD
    private const int DoNotFollowLinks = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint AskForType = 0x1; // STATX_TYPE
    private const uint AskForUser = 0x8; // STATX_UID

    /// <summary>struct statx has 256 bytes; the user's id is behind mask, block size, attributes (8 bytes) and number of links.</summary>
    private const int StatusBytes = 256;

    private const int UserOffset = 20;

    /// <summary>Behind the group's id.</summary>
    private const int ModeOffset = 28;

    /// <summary>Id of the user who owns a file or folder, or a link itself.</summary>
    /// <returns>Null where there is none, it cannot be asked, or the system is another.</returns>
    public static uint? Owner(string path)
    {
        var status = stackalloc byte[StatusBytes];
        return IsRead(path, DoNotFollowLinks, AskForUser, status) ? *(uint*)(status + UserOffset) : null;
    }

    /// <summary>Mode of what a path leads to, behind all links: its kind is in the bits 0xf000.</summary>
    /// <returns>Null as for <see cref="Owner"/>.</returns>
    public static ushort? Mode(string path)
    {
        var status = stackalloc byte[StatusBytes];
        return IsRead(path, 0, AskForType, status) ? *(ushort*)(status + ModeOffset) : null;
    }

    private static bool IsRead(string path, int flags, uint mask, byte* status) =>
        OperatingSystem.IsLinux() && Statx(RelativeToCurrentFolder, path, flags, mask, status) == 0;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* status);
}
