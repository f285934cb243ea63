using ServeBench.Domain.Progress;

namespace ServeBench.Models.Store;

/// <summary>
/// Holds a folder against other processes, by an exclusive lock on a file in it. The operating system lets go of it when the
/// process ends in any way, so a killed process blocks nobody.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    public static async Task<FolderLock> AcquireAsync(string folder, IRunObserver observer, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, ".lock");
        if (TryOpen(path) is { } free) return new FolderLock(free);
        using var step = observer.Begin($"Waiting for another process that prepares {Path.GetFileName(folder)}");
        while (true)
        {
            // There is no call that waits for a file lock and can be cancelled, so it is tried again.
            await Task.Delay(50, cancellation);
            if (TryOpen(path) is { } file) return new FolderLock(file);
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsLocked(e))
        {
            return null;
        }
    }

    /// <summary>EWOULDBLOCK on Linux and macOS, a sharing violation on Windows; anything else is a failure of its own.</summary>
    private static bool IsLocked(IOException e) => (e.HResult & 0xffff) is 11 or 35 or 32;
}
