using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;

namespace ServeBench.EndToEnd.Tests;

/// <summary>What goes wrong is told with its remedy, at the real program, and costs nothing that was measured.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Well = """
        programs: ["${bin}/ServeBench.OnnxServer/release"]
        command: "${bin}/ServeBench.OnnxServer/release/ServeBench.OnnxServer"
        arguments: ["--urls=http://127.0.0.1:${port}", "--model=${model-folder}", "--threads=${cores}"]
        """;

    private readonly Checkout _checkout = new();

    public void Dispose() => _checkout.Dispose();

    private Task<(int Code, string Output)> RunAsync(params string[] more) => Pipeline.RunInAsync(
        _checkout.Root, ["--target=Benchmark", "--group=embeddings", "--workload=sequence-128", "--profile=smoke", "--weights=seeded", $"--out={_checkout.Runs}", .. more]);

    [Fact]
    public async Task Servers_that_do_not_come_up_are_told_each_with_its_cause_and_the_others_are_measured()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        _checkout.AddProcess("well", Well);
        _checkout.AddProcess("never-ready", """
            command: /bin/sh
            arguments: ["-c", "echo I am thinking; exec sleep 600"]
            start-limit: 1s
            """);
        _checkout.AddProcess("ends-at-once", """
            command: /bin/sh
            arguments: ["-c", "echo my model is missing; exit 3"]
            """);
        _checkout.AddProcess("port-in-use", $$"""
            command: /bin/sh
            arguments: ["-c", "exec sleep 600"]
            port: {{port}}
            """);

        var (code, output) = await RunAsync("--trials=1");

        Assert.True(code == ExitCodes.Invalid, output);
        foreach (var told in new[] { "was not ready within 1 s", "I am thinking", "ended by itself with code 3", "my model is missing", $"port {port}, which port-in-use asks for, is in use" })
            Assert.Contains(told, output, StringComparison.Ordinal);
        var folder = new RunFolder(Path.Combine(_checkout.Runs, "latest"));
        var manifest = folder.ReadManifest();
        Assert.All(manifest.Trials, t => Assert.Equal(t.Contender == "well", folder.ReadTrial(t) is not null));
        await Servers.UntilNoneAsync();
    }

    [Fact]
    public async Task Broken_catalogue_files_are_all_told_with_file_and_line_before_anything_starts()
    {
        _checkout.AddProcess("well", Well);
        _checkout.AddProcess("misspelt", "comand: /bin/true");
        await File.WriteAllTextAsync(Path.Combine(_checkout.Root, "src", "stacks", "misspelt", "more.txt"), "", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(_checkout.Root, "src", "stacks", "torn"));
        await File.WriteAllTextAsync(Path.Combine(_checkout.Root, "src", "stacks", "torn", "stack.yaml"), "name: torn\ntitle: [", TestContext.Current.CancellationToken);

        var (code, output) = await RunAsync();

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Matches(@"misspelt/stack\.yaml:\d+: .*comand", output);
        Assert.Contains("Did you mean command?", output, StringComparison.Ordinal);
        Assert.Matches(@"torn/stack\.yaml:\d+", output);
        Assert.False(Directory.Exists(_checkout.Runs));
    }

    [Fact]
    public async Task An_unknown_group_is_told_with_the_nearest()
    {
        _checkout.AddProcess("well", Well);
        var (code, output) = await Pipeline.RunInAsync(_checkout.Root, "--target=Benchmark", "--group=embedings", $"--out={_checkout.Runs}");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("no group is called 'embedings'. Did you mean embeddings?", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_checkout.Runs));
    }

    [Fact]
    public async Task A_disk_that_fills_while_samples_are_written_loses_nothing_that_is_there()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs root on Linux, to mount a small file system");
        _checkout.AddProcess("well", Well);
        var results = Directory.CreateDirectory(Path.Combine(_checkout.Root, "artifacts", "results", "trials")).FullName;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", results), "this machine does not allow mounting");
        try
        {
            var (code, output) = await RunAsync("--trials=4");
            Assert.True(code == ExitCodes.Failed, output);
            Assert.Contains("could not be written", output, StringComparison.Ordinal);
            Assert.Contains("Free space on that disk", output, StringComparison.Ordinal);
            var kept = Records(results);
            Assert.NotEmpty(kept);

            Assert.True(Run("mount", "-o", "remount,size=16m", results));
            var (again, said) = await RunAsync("--trials=4", "--reuse=any");
            Assert.True(again is ExitCodes.Success or ExitCodes.Invalid, said);
            Assert.Equal(4, Records(results).Count);
            Assert.All(kept, k => Assert.Equal(k.Value, Records(results)[k.Key]));
        }
        finally
        {
            Run("umount", results);
        }
        await Servers.UntilNoneAsync();
    }

    private static Dictionary<string, string> Records(string folder) =>
        Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllText);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
