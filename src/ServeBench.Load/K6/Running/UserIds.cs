using System.Runtime.InteropServices;

namespace ServeBench.Load.K6.Running;

/// <summary>Who runs this process.</summary>
internal static partial class UserIds
{
    /// <returns><c>uid:gid</c>, or null where there are no such numbers.</returns>
    public static string? Current() => OperatingSystem.IsWindows() ? null : $"{UserId()}:{GroupId()}";

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserId();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint GroupId();
}
