namespace ServeBench.EndToEnd.Tests;

/// <summary>
/// Another checkout with the same programs, models and workloads and with stacks of its own, so that tests may plant stacks
/// without touching the real one. Its path holds what paths may hold.
/// </summary>
internal sealed class Checkout : IDisposable
{
    public Checkout()
    {
        Root = Directory.CreateTempSubdirectory("servebench-test, a=b über 船 ").FullName;
        File.WriteAllText(Path.Combine(Root, "ServeBench.slnx"), "");
        // Where nothing was prepared before, the link would lead nowhere.
        Directory.CreateDirectory(Path.Combine(Pipeline.Root, "artifacts", "models"));
        foreach (var shared in new[] { "models", "k6", "kubernetes", "artifacts/models" }) Link(shared);
        foreach (var program in Directory.EnumerateDirectories(Path.Combine(Pipeline.Root, "artifacts", "bin")).Select(Path.GetFileName).Where(n => n != "Build"))
            Link($"artifacts/bin/{program}");
        // The program finds its checkout from where it lies itself, so a link would lead it back.
        var from = Path.Combine(Pipeline.Root, "artifacts", "bin", "Build", "release");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(Root, "artifacts", "bin", "Build", "release", Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    public string Root { get; }

    public string Runs => Path.Combine(Root, "reports", "runs");

    /// <summary>
    /// A stack that is ServeBench's own server with some folder as its model. One that answers wrongly is waited for to its limit, which a
    /// busy machine must reach all the same.
    /// </summary>
    public void AddStack(string name, string modelFolder) => AddProcess(name, $$"""
        programs: ["${bin}/ServeBench.OnnxServer/release", "{{modelFolder}}"]
        command: "${bin}/ServeBench.OnnxServer/release/ServeBench.OnnxServer"
        arguments: ["--urls=http://127.0.0.1:${port}", "--model={{modelFolder}}", "--threads=${cores}", "--long-inputs=truncate"]
        start-limit: 12s
        """);

    /// <summary>A stack with a <c>process:</c> section of the test's.</summary>
    public void AddProcess(string name, string section) => Add(name, "process", section);

    /// <summary>A stack with a <c>docker:</c> section and files of the test's.</summary>
    /// <param name="files">Names in the stack's folder to contents.</param>
    public void AddContainer(string name, string section, params (string Name, string Content)[] files)
    {
        Add(name, "docker", section);
        foreach (var file in files) File.WriteAllText(Path.Combine(Root, "src", "stacks", name, file.Name), file.Content);
    }

    private void Add(string name, string host, string section)
    {
        var folder = Path.Combine(Root, "src", "stacks", name);
        Directory.CreateDirectory(folder);
        var indented = string.Join('\n', section.Split('\n').Select(line => "    " + line));
        File.WriteAllText(Path.Combine(folder, "stack.yaml"), $$"""
            name: {{name}}
            title: A server with {{name}}
            summary: a server of the test's
            licence: MIT
            groups: [embeddings]
            protocols: [openai-embeddings]
            model-format: onnx
            precision: fp32
            complexity: { score: 1, why: a test }
            tracks: { default: { summary: as it comes } }
            hosts:
              {{host}}:
            {{indented}}
            """);
    }

    /// <summary>A copy of a prepared model with something done to it.</summary>
    public string CopyModel(string model, string name, Action<string> change)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, "faults", name)).FullName;
        foreach (var file in Directory.EnumerateFiles(model)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        change(folder);
        return folder;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void Link(string path)
    {
        var link = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        Directory.CreateSymbolicLink(link, Path.Combine(Pipeline.Root, path));
    }
}
