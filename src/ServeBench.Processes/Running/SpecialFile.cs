namespace ServeBench.Processes.Running;

/// <summary>Files that are no regular ones: reading them may wait for ever, and what comes from them comes once.</summary>
public static class SpecialFile
{
    private const int KindBits = 0xf000; // S_IFMT

    /// <summary>What a path leads to, behind all links, where that is neither a regular file nor a folder. Opens nothing.</summary>
    /// <returns>
    /// A noun with its article, such as "a pipe"; null for regular files and folders, where there is nothing, and on other systems
    /// than Linux.
    /// </returns>
    public static string? KindOf(string path) => (FileStatus.Mode(path) & KindBits) switch
    {
        0x1000 => "a pipe", // S_IFIFO
        0x2000 => "a character device", // S_IFCHR
        0x6000 => "a block device", // S_IFBLK
        0xc000 => "a socket", // S_IFSOCK
        _ => null,
    };
}
