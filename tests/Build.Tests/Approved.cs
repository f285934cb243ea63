using System.Runtime.CompilerServices;

namespace ServeBench.Build.Tests;

/// <summary>Compares text with an approved file beside the tests; what differs is left as <c>*.received.*</c> to look at.</summary>
internal static class Approved
{
    public static void Check(string name, string text, [CallerFilePath] string caller = "")
    {
        // The path that the compiler recorded begins with a stand-in for the repository.
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "ServeBench.slnx"))) root = root.Parent;
        var folder = Path.Combine(root.FullName, Path.GetDirectoryName(caller.Replace("/servebench/", "", StringComparison.Ordinal))!, "Approved");
        var approved = Path.Combine(folder, name.Insert(name.LastIndexOf('.'), ".approved"));
        var received = Path.Combine(folder, name.Insert(name.LastIndexOf('.'), ".received"));
        var expected = File.Exists(approved) ? File.ReadAllText(approved) : "";
        if (expected == text)
        {
            File.Delete(received);
            return;
        }
        Directory.CreateDirectory(folder);
        File.WriteAllText(received, text);
        Assert.Fail($"{name} differs from what was approved: compare {received} with {approved}, and replace it if the change is meant");
    }
}
