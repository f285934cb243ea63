using System.Globalization;
using ServeBench.Domain.Faults;

namespace ServeBench.Runs.Storing;

/// <summary>Held while something is measured: two measurements on one machine would spoil each other.</summary>
public sealed class MachineLock : IDisposable
{
    private readonly FileStream _file;

    private MachineLock(FileStream file) => _file = file;

    /// <exception cref="RunFailedException">when another measurement is under way; says which process.</exception>
    public static MachineLock Take(string? file = null)
    {
        var path = file ?? Path.Combine(Path.GetTempPath(), "servebench.lock");
        try
        {
            // The lock is the open file, which the system closes however this process ends. It cannot be read while it is
            // held, so who holds it stands in a file beside it.
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(OwnerFile(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new MachineLock(stream);
        }
        catch (IOException e)
        {
            throw new RunFailedException($"another measurement is under way on this machine (process {Owner(path)})", "Wait until it has finished: two at once would spoil each other's numbers", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new RunFailedException($"{path} cannot be opened: {e.Message}", "It belongs to another user; let that user delete it", e);
        }
    }

    public void Dispose() => _file.Dispose();

    private static string OwnerFile(string path) => path + ".owner";

    private static string Owner(string path) => File.Exists(OwnerFile(path)) ? File.ReadAllText(OwnerFile(path)).Trim() : "unknown";
}
