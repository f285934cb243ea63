using System.Diagnostics;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Servers;

namespace ServeBench.Processes.Tests;

public sealed class LastWillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;

    private string Mark => Path.Combine(_folder, "executed");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Revoked_it_is_not_executed()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "there is no POSIX shell");
        LastWill.Of(new CommandSpec("touch", Mark)).Dispose();
        Assert.False(File.Exists(Mark));
    }

    [Fact]
    public async Task Should_its_owner_be_killed_outright_it_is_executed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "needs /usr/bin/python3 to stand in for the pipeline");
        // Another process leaves a will just as we do, through the same script, and is then killed with signal 9.
        using var stream = typeof(LastWill).Assembly.GetManifestResourceStream("last-will.sh")!;
        var script = Path.Combine(_folder, "last-will.sh");
        await File.WriteAllTextAsync(script, await new StreamReader(stream).ReadToEndAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        var python = $"import subprocess, time; p = subprocess.Popen(['/bin/sh', '{script}', 'touch', '{Mark}'], stdin=subprocess.PIPE); print('left', flush=True); time.sleep(600)";
        using var owner = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", python]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        Assert.Equal("left", await owner.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.False(File.Exists(Mark));
        owner.Kill();
        for (var tries = 0; !File.Exists(Mark); tries++)
        {
            Assert.True(tries < 400, "the will was not executed within ten seconds");
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
    }
}
