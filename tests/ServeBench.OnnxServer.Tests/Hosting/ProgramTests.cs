using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Hosting;

/// <summary>The built program as a process.</summary>
public sealed class ProgramTests(PreparedMiniLm model)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Wrong_options_are_all_named_and_end_it_with_2()
    {
        var (code, _, errors) = await ProgramRun.ToEndAsync("--max-batch=0", "--thread=1");
        Assert.Equal(2, code);
        Assert.Contains("--max-batch: '0'", errors);
        Assert.Contains("Did you mean --threads?", errors);
        Assert.Contains("--model: no model is given", errors);
        Assert.DoesNotContain("   at ", errors);
    }

    [Fact]
    public async Task Help_is_shown()
    {
        var (code, output, _) = await ProgramRun.ToEndAsync("--help");
        Assert.Equal(0, code);
        Assert.Contains("--max-batch-tokens=N", output);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_port_in_use_is_said()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (code, _, errors) = await ProgramRun.ToEndAsync($"--model={model.Folder}", $"--urls=http://127.0.0.1:{port}");
        Assert.Equal(1, code);
        Assert.Contains($"cannot listen on http://127.0.0.1:{port}", errors);
        Assert.DoesNotContain("   at ", errors);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_broken_model_is_said()
    {
        var folder = Directory.CreateTempSubdirectory("servebench-server-").FullName;
        try
        {
            foreach (var name in new[] { "model.json", "vocab.txt" }) File.Copy(Path.Combine(model.Folder, name), Path.Combine(folder, name));
            File.WriteAllText(Path.Combine(folder, "model.onnx"), "no model");
            var (code, _, errors) = await ProgramRun.ToEndAsync($"--model={folder}", "--urls=http://127.0.0.1:0");
            Assert.Equal(1, code);
            Assert.Contains("ONNX Runtime cannot load", errors);
            Assert.DoesNotContain("   at ", errors);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    [Lane("slow")]
    public async Task It_serves_until_it_is_told_to_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM on Windows");
        using var process = ProgramRun.Start($"--model={model.Folder}", "--urls=http://127.0.0.1:0");
        try
        {
            string? line;
            while ((line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)) is not null && !line.Contains("Listening on")) { }
            Assert.NotNull(line);
            using var client = new HttpClient { BaseAddress = new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..]) };
            Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync("/health", TestContext.Current.CancellationToken));
            using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString()])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
