using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.K6;
using ServeBench.Load.K6.Running;
using ServeBench.Load.Tests.Native;
using ServeBench.NullServer;
using ServeBench.NullServer.Latency;
using ServeBench.Processes.Commands;

namespace ServeBench.Load.Tests.K6;

/// <summary>k6 out of an image, with a real container engine.</summary>
[Lane("engine")]
public sealed class K6ImageTests : DriverTest, IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("servebench-k6-").FullName;

    public void Dispose() => Directory.Delete(_work, recursive: true);

    [Fact]
    public async Task A_k6_in_a_container_measures_like_one_on_the_machine()
    {
        var program = await K6Program.OfImageAsync(new CommandRunner(), Image(), Ct);
        Assert.Null(program.Path);
        using var server = NullServerHost.Start(new NullServerOptions { Body = NullAnswers.Vectors(8), Latency = LatencyDistribution.TryParse("constant:20ms", out _)! });
        var job = Job(server.EndPoint, new ClosedLoop(4)) with
        {
            WarmUp = new WarmUpSettings(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), 2),
            Measure = TimeSpan.FromSeconds(1),
            CheckAnswers = false,
            ClientCpus = [0],
        };
        var result = await new K6Driver(program, Repository.Templates, _work, TimeProvider.System).RunAsync(job, Ct);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.InRange(result.Samples.Count, 20, 200);
        Assert.All(Rows(result), s => Assert.InRange(s.Service, 20 * Millisecond, long.MaxValue));
        // The CPU time is k6's in its container, not that of docker's client, which hardly has any.
        Assert.InRange(result.Client.CpuSeconds ?? 0, 0.02, 4);
        // What it wrote belongs to whoever runs this, and its container is gone.
        var left = await new CommandRunner().TryRunAsync(new CommandSpec("docker", "ps", "--all", "--quiet", "--filter=label=servebench=k6") { Timeout = TimeSpan.FromSeconds(20) }, cancellationToken: Ct);
        Assert.Equal("", left.Output.Trim());
    }

    [Fact]
    public async Task Cancelling_ends_the_container_too()
    {
        var program = await K6Program.OfImageAsync(new CommandRunner(), Image(), Ct);
        using var server = NullServerHost.Start(new NullServerOptions { Body = NullAnswers.Vectors(8) });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var job = Job(server.EndPoint, new ClosedLoop(1)) with { Measure = TimeSpan.FromMinutes(5), CheckAnswers = false, Window = new Listener(cancel.Cancel) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new K6Driver(program, Repository.Templates, _work, TimeProvider.System).RunAsync(job, cancel.Token));
        var running = "";
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var left = await new CommandRunner().TryRunAsync(new CommandSpec("docker", "ps", "--quiet", "--filter=label=servebench=k6") { Timeout = TimeSpan.FromSeconds(20) }, cancellationToken: Ct);
            running = left.Output.Trim();
            if (running.Length == 0) break;
            await Task.Delay(100, Ct);
        }
        Assert.Equal("", running);
    }

    [Fact]
    public async Task An_image_that_is_not_here_is_said_to_be()
    {
        Image();
        var fault = await Assert.ThrowsAsync<FaultException>(() => K6Program.OfImageAsync(new CommandRunner(), "servebench/no-such-k6:1", Ct));
        Assert.Contains("docker pull servebench/no-such-k6:1", fault.Faults[0].Remedy, StringComparison.Ordinal);
    }

    private static string Image()
    {
        var image = Environment.GetEnvironmentVariable("SERVEBENCH_K6_IMAGE");
        Assert.SkipWhen(image is null, "SERVEBENCH_K6_IMAGE names no image of k6 on this machine");
        return image;
    }
}
