using System.Diagnostics;

namespace ServeBench.Runs.Tests.Fakes;

/// <summary>A small file system of its own over a folder (root on Linux only).</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    /// <returns>Null when this machine does not allow it.</returns>
    public static SmallDisk? Mount(string folder, string size) => Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder) ? new SmallDisk(folder) : null;

    public void Grow(string size) => Assert.True(Run("mount", "-o", $"remount,size={size}", _folder));

    public void Dispose() => Run("umount", _folder);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
