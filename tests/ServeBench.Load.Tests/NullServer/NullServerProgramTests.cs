using System.Diagnostics;
using System.Net;

namespace ServeBench.Load.Tests.NullServer;

/// <summary>The program as it is started: its one line, its errors, its end.</summary>
[Lane("slow")]
public sealed class NullServerProgramTests
{
    [Fact]
    public async Task Prints_its_address_serves_and_ends_on_a_signal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM on this system");
        using var program = Start("--response-bytes=10", "--latency=constant:1ms");
        var line = await program.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.Matches(@"^http://127\.0\.0\.1:\d+/$", line);
        using (var client = new HttpClient()) Assert.Equal(10, (await client.GetByteArrayAsync(new Uri(line!), TestContext.Current.CancellationToken)).Length);
        using (var kill = Process.Start("kill", ["-TERM", $"{program.Id}"])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(program.WaitForExit(20_000));
        Assert.Equal(0, program.ExitCode);
    }

    [Fact]
    public async Task Says_everything_that_is_wrong_with_its_arguments_and_starts_nothing()
    {
        using var program = Start("--port=70000", "--latency=often", "--prot=1", "--response-bytes=1", "--serving=magic", "--stall=every=1s,for=2s", "--drift=up", "--drop=2", "--cache-hit=soon");
        var errors = (await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd().Split('\n');
        Assert.True(program.WaitForExit(20_000));
        Assert.Equal(2, program.ExitCode);
        Assert.Equal(
        [
            "--prot: no option has this name. Did you mean --port?",
            "--serving: 'magic' is not known here. Known: epoll, threads.",
            "--port: '70000' is not a whole number from 0 to 65535. For example --port=8080.",
            "--latency: 'often' is not a latency; known forms: none, constant:5ms, uniform:min=1ms,max=9ms, lognormal:p50=5ms,p99=50ms, bimodal:a=5ms,b=50ms,share=0.1. For example --latency=constant:5ms.",
            "--response-bytes: '1' is not a whole number from 2 to 268435456. For example --response-bytes=1024.",
            "--stall: 'every=1s,for=2s' cannot be read. For example --stall=every=10s,for=1s.",
            "--drift: 'up' cannot be read. For example --drift=from=5ms,to=10ms,over=10s.",
            "--drop: '2' is not a number from 0 to 1. For example --drop=0.01.",
            "--cache-hit: 'soon' is not a duration of at most ten minutes. For example --cache-hit=50us.",
        ], errors);
    }

    [Fact]
    public async Task Answers_with_what_a_file_holds()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, NullAnswers.Vectors(3, 2), TestContext.Current.CancellationToken);
            using var program = Start($"--body={file}");
            var line = await program.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            using var client = new HttpClient();
            Assert.Equal(NullAnswers.Vectors(3, 2), await client.GetStringAsync(new Uri(line!), TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_body_that_is_not_there_is_a_fault()
    {
        using var program = Start("--body=/nowhere/answer.json");
        var error = await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.True(program.WaitForExit(20_000));
        Assert.Equal(2, program.ExitCode);
        Assert.StartsWith("--body: '/nowhere/answer.json' cannot be read: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_one_clear_sentence()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var program = Start($"--port={port}");
        var error = await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.True(program.WaitForExit(20_000));
        Assert.Equal(1, program.ExitCode);
        Assert.StartsWith($"--port={port}: cannot listen on 127.0.0.1:{port}: ", error, StringComparison.Ordinal);
        Assert.EndsWith("Choose another port, or 0 for a free one.", error.TrimEnd(), StringComparison.Ordinal);
    }

    private static Running Start(params string[] arguments)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "ServeBench.NullServer" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        return new Running(Process.Start(new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!);
    }

    /// <summary>The program, which is not left running when a test fails.</summary>
    private sealed class Running(Process process) : IDisposable
    {
        public int Id => process.Id;

        public int ExitCode => process.ExitCode;

        public StreamReader StandardOutput => process.StandardOutput;

        public StreamReader StandardError => process.StandardError;

        public bool WaitForExit(int milliseconds) => process.WaitForExit(milliseconds);

        public void Dispose()
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
        }
    }
}
