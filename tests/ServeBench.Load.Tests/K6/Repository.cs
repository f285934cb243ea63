namespace ServeBench.Load.Tests.K6;

/// <summary>The checkout that the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Templates => Path.Combine(Root, "k6", "templates");

    /// <summary>Compares text with a file that a person has approved; leaves a .received. file beside it when they differ.</summary>
    /// <param name="name">For example <c>closed-loop.js</c>.</param>
    /// <param name="text">What was written.</param>
    public static void Approve(string name, string text)
    {
        var folder = Path.Combine(Root, "tests", "ServeBench.Load.Tests", "K6", "Approved");
        var approved = Path.Combine(folder, name.Insert(name.LastIndexOf('.'), ".approved"));
        var received = Path.Combine(folder, name.Insert(name.LastIndexOf('.'), ".received"));
        if (File.Exists(approved) && File.ReadAllText(approved) == text)
        {
            File.Delete(received);
            return;
        }
        Directory.CreateDirectory(folder);
        File.WriteAllText(received, text);
        Assert.Fail($"{received} differs from what was approved. If it is right, rename it to {Path.GetFileName(approved)}.");
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ServeBench.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"no repository above {AppContext.BaseDirectory}");
    }
}
