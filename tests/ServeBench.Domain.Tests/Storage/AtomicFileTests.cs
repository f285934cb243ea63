using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;

namespace ServeBench.Domain.Tests.Storage;

public class AtomicFileTests
{
    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("a/result.json", "old");
        var failure = Assert.Throws<RunFailedException>(() => AtomicFile.Write(file, stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device");
        }));
        Assert.Contains("No space left on device", failure.Message, StringComparison.Ordinal);
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Free space", failure.Remedy, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(file));
        Assert.Equal([file], Directory.EnumerateFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void A_full_disk_is_told_with_the_file_and_the_remedy()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs root on Linux, to mount a small file system");
        using var folder = new TemporaryFolder();
        var mounted = System.Diagnostics.Process.Start("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.Path]);
        mounted.WaitForExit();
        Assert.SkipUnless(mounted.ExitCode == 0, "this machine does not allow mounting");
        try
        {
            var file = Path.Combine(folder.Path, "samples");
            var failure = Assert.Throws<RunFailedException>(() => AtomicFile.Write(file, stream => stream.Write(new byte[1 << 20])));
            Assert.Contains(file, failure.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        }
        finally
        {
            System.Diagnostics.Process.Start("umount", [folder.Path]).WaitForExit();
        }
    }

    [Fact]
    public void Writing_the_same_text_again_does_not_touch_the_file()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("report.md", "text");
        var before = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(file, before);
        AtomicFile.WriteTextIfChanged(file, "text");
        Assert.Equal(before, File.GetLastWriteTimeUtc(file));
        AtomicFile.WriteTextIfChanged(file, "other");
        Assert.Equal("other", File.ReadAllText(file));
    }
}
