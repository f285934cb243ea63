using System.Runtime.CompilerServices;

namespace ServeBench.Load.Tests.Encoding;

/// <summary>Compares text with a file that a person has approved; writes a .received. file beside it when they differ.</summary>
internal static class Approved
{
    public static void Verify(string name, string text, [CallerFilePath] string testFile = "")
    {
        // The compiler maps the repository's root to /servebench/; the test runs somewhere below that root.
        var folder = Path.Combine(Root(), "tests", "ServeBench.Load.Tests", Path.GetFileName(Path.GetDirectoryName(testFile)!));
        var approved = Path.Combine(folder, $"{name}.approved.txt");
        var received = Path.Combine(folder, $"{name}.received.txt");
        var expected = File.Exists(approved) ? File.ReadAllText(approved) : null;
        if (expected == text)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, text);
        Assert.Fail($"{received} differs from what was approved. If it is right, rename it to {Path.GetFileName(approved)}.");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ServeBench.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"no repository above {AppContext.BaseDirectory}");
    }
}
