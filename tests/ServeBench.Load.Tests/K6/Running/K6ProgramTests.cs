using ServeBench.Domain.Faults;
using ServeBench.Load.K6.Running;

namespace ServeBench.Load.Tests.K6.Running;

public class K6ProgramTests
{
    /// <summary>As k6 1.8.1 and 2.2.0 print it; the first word is the name of the program's file.</summary>
    [Theory]
    [InlineData("k6 v1.8.1 (commit/devel, go1.26.10, linux/amd64)\n", "1.8.1")]
    [InlineData("k6-v2.2.0 v2.2.0 (commit/devel, go1.26.10, linux/amd64)\n", "2.2.0")]
    [InlineData("k6.exe v1.0.0 (go1.24.2, windows/amd64)\n", "1.0.0")]
    [InlineData("k6 v2.0.0-rc1 (go1.25.1, linux/amd64)\n", "2.0.0")]
    public void The_version_is_read(string text, string version) => Assert.Equal(Version.Parse(version), K6Program.Parse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("wrk 4.1.0 [epoll] Copyright (C) 2012 Will Glozer\n")]
    [InlineData("go version go1.26.10 linux/amd64\n")]
    public void What_is_no_k6_has_no_version(string text) => Assert.Null(K6Program.Parse(text, out _));

    [Fact]
    public async Task Extensions_are_read()
    {
        var commands = FakeCommands.Saying("k6 v2.2.0 (go1.26, linux/amd64)\nExtensions:\n  github.com/phymbert/xk6-sse v0.1.11, k6/x/sse [js]\n");
        var program = await K6Program.OfProgramAsync(commands, "/opt/k6", "--k6", TestContext.Current.CancellationToken);
        Assert.Equal(["k6/x/sse"], program.Extensions);
        Assert.Equal("k6 2.2.0", program.Name);
        Assert.Equal(["version"], commands.Asked[0].Arguments);
        Assert.Equal("false", commands.Asked[0].Environment["K6_AUTO_EXTENSION_RESOLUTION"]);
    }

    [Theory]
    [InlineData("0.57.0")]
    [InlineData("3.0.0")]
    public async Task A_version_that_is_not_supported_is_refused_with_those_that_are(string version)
    {
        var failure = await Assert.ThrowsAsync<FaultException>(() =>
            K6Program.OfProgramAsync(FakeCommands.Saying($"k6 v{version} (go1.24, linux/amd64)"), "/opt/k6", "--k6", TestContext.Current.CancellationToken));
        Assert.Equal($"--k6: /opt/k6: k6 {version} is not supported. Use a version from 1.0.0 on, before 3.0.0.", failure.Faults[0].ToString());
    }

    [Fact]
    public async Task A_program_that_is_no_k6_is_refused_with_what_it_said()
    {
        var failure = await Assert.ThrowsAsync<FaultException>(() => K6Program.OfProgramAsync(FakeCommands.Saying("hello", 3), "/bin/x", "--k6", TestContext.Current.CancellationToken));
        Assert.Contains("did not say a version of k6 (code 3): hello", failure.Faults[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_is_asked_without_a_network()
    {
        var commands = FakeCommands.Saying("k6 v2.2.0 (go1.26, linux/amd64)");
        var program = await K6Program.OfImageAsync(commands, "grafana/k6:2.2.0", TestContext.Current.CancellationToken);
        Assert.Equal(["run", "--rm", "--pull=never", "--network=none", "grafana/k6:2.2.0", "version"], commands.Asked[0].Arguments);
        Assert.Equal("k6 2.2.0 (grafana/k6:2.2.0)", program.Name);
    }
}
