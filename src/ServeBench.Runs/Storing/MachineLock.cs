using System.Globalization;
using ServeBench.Domain.Faults;

namespace ServeBench.Runs.Storing;

/// <summary>Held while something is measured: two measurements on one machine would spoil each other, whoever starts them.</summary>
public sealed class MachineLock : IDisposable
{
    /// <summary>Not where TMPDIR points: that differs between users and shells, and the machine is one.</summary>
    /// <remarks>Set by tests that measure nothing real, so that they neither wait for a measurement nor hold one up.</remarks>
    internal static string Default { get; set; } =
        Path.Combine(OperatingSystem.IsWindows() ? Path.GetTempPath() : "/tmp", "servebench.lock");

    private const UnixFileMode ForAll = UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    /// <summary>
    /// What this process holds from its first task to its last, within which its stages take the lock again; null for nothing.
    /// </summary>
    private static string? _whole;

    private readonly FileStream? _file;
    private readonly bool _isWhole;

    private MachineLock(FileStream? file, bool isWhole) => (_file, _isWhole) = (file, isWhole);

    /// <summary>For one stage; nothing more is taken where this process holds the lock for its whole work already.</summary>
    /// <exception cref="RunFailedException">when another measurement is under way, naming its process and command; or when the
    /// lock cannot be used at all.</exception>
    public static MachineLock Take(string? file = null) =>
        Volatile.Read(ref _whole) == (file ?? Default)
            ? new MachineLock(null, isWhole: false)
            : Take(file ?? Default, Path.GetFileName(Environment.ProcessPath) ?? "", isWhole: false);

    /// <summary>
    /// For all that a command does, before it builds or prepares anything: that, too, would disturb whoever measures, and a refusal
    /// after minutes of it comes late.
    /// </summary>
    /// <param name="command">The command, without secrets: whoever is refused reads it.</param>
    /// <param name="file">The file that is the lock; null for this machine's.</param>
    /// <exception cref="RunFailedException">as for one stage.</exception>
    public static MachineLock Hold(string command, string? file = null)
    {
        var held = Take(file ?? Default, command, isWhole: true);
        Volatile.Write(ref _whole, file ?? Default);
        return held;
    }

    private static MachineLock Take(string path, string command, bool isWhole)
    {
        try
        {
            // The lock is the open file, which the system closes however this process ends.
            var stream = Open(path);
            Sign(OwnerFile(path), command);
            return new MachineLock(stream, isWhole);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new RunFailedException(
                $"another measurement is under way on this machine (process {Owner(path)})",
                "Wait until it has finished: two at once would spoil each other's numbers",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException(
                $"{path}, which keeps measurements apart, cannot be opened: {e.Message}",
                "Make its folder writable, or delete it if nothing is being measured",
                e);
        }
    }

    public void Dispose()
    {
        if (_isWhole) Volatile.Write(ref _whole, null);
        _file?.Dispose();
    }

    private static FileStream Open(string path)
    {
        try
        {
            // Only to read: it may be another user's, and systems refuse to "create" such a file again in a shared folder.
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
        }
        catch (FileNotFoundException)
        {
            new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite).Dispose();
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, ForAll);
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
        }
    }

    /// <summary>EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.</summary>
    private static bool IsHeld(IOException e) => (e.HResult & 0xFFFF) is 11 or 35 or 32;

    private static string OwnerFile(string path) => path + ".owner";

    /// <summary>A locked file cannot be read, so who holds it is written into one beside it; without it the message says less.</summary>
    private static void Sign(string file, string command)
    {
        try
        {
            File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}: {command}"));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, ForAll);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is another user's, or the disk is full: neither is a reason not to measure.
        }
    }

    private static string Owner(string path)
    {
        try
        {
            return File.ReadAllText(OwnerFile(path)).Trim() is { Length: > 0 } owner ? owner : "unknown";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
