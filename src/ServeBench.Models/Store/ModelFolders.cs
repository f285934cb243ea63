using System.Runtime.InteropServices;

namespace ServeBench.Models.Store;

/// <summary>
/// Where prepared models lie: <c>root/model/variant-key/</c> for each, <c>root/model/current</c> pointing at the last one
/// asked for, <c>root/.weights/</c> for checkpoints shared between variants.
/// </summary>
public static partial class ModelFolders
{
    /// <summary>Prefix of folders that are being filled. Whoever holds the model's lock may delete what it finds of them.</summary>
    public const string Building = ".building-";

    /// <summary>
    /// The time stamp of every published file: a file that bears another has been touched since, and is hashed again before it
    /// is believed. One fixed time also makes container layers reproducible.
    /// </summary>
    public static readonly DateTime Published = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Deletes what killed processes left half-made.</summary>
    public static void Sweep(string folder)
    {
        foreach (var left in Directory.EnumerateDirectories(folder, Building + "*")) Directory.Delete(left, recursive: true);
    }

    /// <summary>Points a link at the folder of a variant beside it, in one step.</summary>
    /// <returns>False where the system does not let this user make symbolic links.</returns>
    public static bool Point(string current, string variant)
    {
        if (new DirectoryInfo(current).LinkTarget == variant) return true;
        try
        {
            if (OperatingSystem.IsWindows())
            {
                // A link to a folder cannot be replaced by a rename there; for a moment there is none.
                if (Directory.Exists(current)) Directory.Delete(current);
                Directory.CreateSymbolicLink(current, variant);
                return true;
            }
            var fresh = $"{current}.{Guid.NewGuid():N}";
            Directory.CreateSymbolicLink(fresh, variant);
            // File.Move would follow the link.
            if (Rename(fresh, current) == 0) return true;
            var error = Marshal.GetLastPInvokeErrorMessage();
            File.Delete(fresh);
            throw new IOException($"{current} cannot be replaced: {error}");
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException && OperatingSystem.IsWindows()))
        {
            return false;
        }
    }

    /// <summary>Makes a file appear in a second folder without taking its space twice, or copies it where the file system cannot.</summary>
    public static void LinkOrCopy(string from, string to)
    {
        var linked = OperatingSystem.IsWindows() ? CreateHardLink(to, from, 0) : Link(from, to) == 0;
        if (linked) return;
        File.Copy(from, to);
        // The copy bears the time stamp of what is believed unread, so it must be on disk before anything says that it is there.
        using var copy = File.OpenHandle(to, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(copy);
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Rename(string from, string to);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string to, string from, nint reserved);
}
