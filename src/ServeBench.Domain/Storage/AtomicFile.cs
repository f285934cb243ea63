using ServeBench.Domain.Faults;

namespace ServeBench.Domain.Storage;

/// <summary>Writes a file so that it is there whole or not at all, whenever the process is killed or the disk fills.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside the target, forces it to disk, then renames it into place.</summary>
    /// <exception cref="RunFailedException">when it cannot be written (no space, no permission); nothing is left behind.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(temporary);
            throw new RunFailedException(
                $"{path} could not be written: {e.Message}",
                "Free space on that disk, or make the folder writable (--out chooses another for runs); finished trials are kept",
                e);
        }
        catch
        {
            Discard(temporary);
            throw;
        }
    }

    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes only when the content differs, so that time stamps show what really changed.</summary>
    public static void WriteTextIfChanged(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text) return;
        WriteText(path, text);
    }

    private static void Discard(string temporary)
    {
        // The file that could not be written is worthless; failing to remove it must not hide the first failure.
        try { File.Delete(temporary); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }
}
