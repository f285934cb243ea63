using System.Diagnostics;

namespace ServeBench.Models.Tests.Support;

/// <summary>A file system of a few megabytes, in memory, for seeing what happens when a disk is full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts one; skips the test where that is not possible.</summary>
    public static SmallDisk Mount(TemporaryFolder folder, int megabytes)
    {
        var path = folder.File("disk");
        Directory.CreateDirectory(path);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path),
            "mounting a small file system needs Linux and the rights of root");
        return new SmallDisk(path);
    }

    /// <summary>Takes all the space that is left.</summary>
    public void Fill() => FillBut(0);

    /// <summary>Takes the space that is left, but for some bytes.</summary>
    public void FillBut(int leave)
    {
        using var filler = File.Create(System.IO.Path.Combine(Path, "filler"));
        var page = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(page);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // That is what this is for.
        }
        filler.SetLength(Math.Max(0, filler.Length - leave));
    }

    /// <summary>Gives that space back.</summary>
    public void Empty() => File.Delete(System.IO.Path.Combine(Path, "filler"));

    public void Dispose() => Run("umount", Path);

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
