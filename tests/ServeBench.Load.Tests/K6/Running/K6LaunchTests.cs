using System.Net;
using ServeBench.Domain.Targets;
using ServeBench.Load.K6.Running;

namespace ServeBench.Load.Tests.K6.Running;

public class K6LaunchTests
{
    private static readonly K6Launch Launch = new()
    {
        Program = new K6Program("/opt/k6", null, new Version(2, 2, 0), []),
        Folder = "/run/case",
        Port = 7001,
        Target = new IPEndPoint(IPAddress.Loopback, 8080),
        KeepAnswers = 8,
        CheckAnswers = true,
        Cpus = [1],
    };

    [Fact]
    public void A_program_is_run_quietly_and_keeps_to_itself()
    {
        var spec = Launch.Spec(() => "1000:1000");
        Assert.Equal("/opt/k6", spec.Program);
        Assert.Equal(
            ["run", "--quiet", "--no-color", "--log-format=json", "--no-usage-report", "--address=127.0.0.1:7001", "--out=csv=/run/case/raw.csv.gz",
                "-e", "HOST=127.0.0.1:8080", "-e", "KEEP_ANSWERS=8", "/run/case/case.js"],
            spec.Arguments);
        Assert.Equal(("unix_nano", "true", "false"), (spec.Environment["K6_CSV_TIME_FORMAT"], spec.Environment["K6_NO_USAGE_REPORT"], spec.Environment["K6_AUTO_EXTENSION_RESOLUTION"]));
        Assert.Equal([1], spec.Cpus);
        Assert.Equal("/run/case/k6.log", spec.LogFile);
    }

    [Fact]
    public void An_image_is_run_on_the_same_cores_as_the_same_user()
    {
        var spec = (Launch with { Program = new K6Program(null, "grafana/k6:2.2.0", new Version(2, 2, 0), []), CheckAnswers = false }).Spec(() => "1000:1000");
        Assert.Equal("docker", spec.Program);
        Assert.Equal(
            ["run", "--rm", "--pull=never", "--network=host", "--name=servebench-k6-7001", "--label=servebench=k6", "--volume=/run/case:/case", "--user=1000:1000", "--cpuset-cpus=1",
                "-e", "K6_CSV_TIME_FORMAT=unix_nano", "-e", "NO_PROXY=*", "-e", "no_proxy=*", "-e", "K6_NO_USAGE_REPORT=true", "-e", "K6_AUTO_EXTENSION_RESOLUTION=false", "grafana/k6:2.2.0",
                "run", "--quiet", "--no-color", "--log-format=json", "--no-usage-report", "--address=127.0.0.1:7001", "--out=csv=/case/raw.csv.gz",
                "-e", "HOST=127.0.0.1:8080", "-e", "KEEP_ANSWERS=8", "-e", "CHECK_EVERY=0", "/case/case.js"],
            spec.Arguments);
    }

    /// <summary>A header's value is in the environment of k6, or of docker, and in no command line.</summary>
    [Theory]
    [InlineData("/opt/k6", null)]
    [InlineData(null, "grafana/k6:2.2.0")]
    public void Secrets_are_in_no_command_line(string? path, string? image)
    {
        var target = new ServerTarget(new IPEndPoint(IPAddress.Loopback, 443))
        {
            Authority = "models.test",
            Tls = new TlsTrust("models.test", "/etc/our-ca.pem"),
            Headers = [new SecretHeader("Authorization", "MY_TOKEN", "Bearer secret-1")],
        };
        var spec = (Launch with { Target = target, Program = new K6Program(path, image, new Version(2, 2, 0), []) }).Spec(() => null);
        Assert.DoesNotContain(spec.Arguments, a => a.Contains("secret-1", StringComparison.Ordinal));
        Assert.Contains("HOST=models.test:443", spec.Arguments);
        Assert.Equal(("Bearer secret-1", "/etc/our-ca.pem"), (spec.Environment["SERVEBENCH_HEADER_1"], spec.Environment["SSL_CERT_FILE"]));
        if (image is not null) Assert.Contains("SERVEBENCH_HEADER_1", spec.Arguments);
    }

    [Fact]
    public void Usage_reports_and_extensions_only_when_asked_for()
    {
        var spec = (Launch with { Online = true }).Spec(() => null);
        Assert.DoesNotContain("--no-usage-report", spec.Arguments);
        Assert.Equal(["K6_CSV_TIME_FORMAT", "NO_PROXY", "no_proxy"], spec.Environment.Keys);
        Assert.Equal("localhost,127.0.0.1,::1,127.0.0.1", spec.Environment["NO_PROXY"]);
    }
}
