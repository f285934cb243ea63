namespace ServeBench.Hosts.Process.Place;

/// <summary>Removes files and folders, those too that a server has protected from writing.</summary>
internal static class Removal
{
    /// <returns>What could not be removed and why; null when nothing of it is left.</returns>
    public static string? Of(string path)
    {
        try
        {
            if (!Directory.Exists(path))
            {
                File.Delete(path);
                return null;
            }
            // A link to a folder is removed, not what it leads to.
            if (new DirectoryInfo(path).LinkTarget is not null)
            {
                File.Delete(path);
                return null;
            }
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (UnauthorizedAccessException) when (!OperatingSystem.IsWindows())
            {
                Open(path);
                Directory.Delete(path, recursive: true);
            }
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path} could not be removed: {e.Message}";
        }
    }

    private static void Open(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var inner in new DirectoryInfo(folder).EnumerateDirectories().Where(d => d.LinkTarget is null)) Open(inner.FullName);
    }
}
