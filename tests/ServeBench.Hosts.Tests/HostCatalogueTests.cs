using ServeBench.Hosts.Docker;
using ServeBench.Hosts.Images;
using ServeBench.Hosts.Process;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests;

public class HostCatalogueTests
{
    [Theory]
    [InlineData(true, "docker", "containers of the Docker Engine that docker's context leads to, on cores of their own")]
    [InlineData(false, "process", "docker cannot be used: no Docker Engine answers")]
    public async Task Auto_is_docker_where_an_engine_answers(bool answers, string host, string why)
    {
        var runner = new FakeRunner(c => c.Arguments[0] == "context"
            ? new CommandResult(0, "unix:///var/run/docker.sock", "", TimeSpan.Zero)
            : answers
                ? new CommandResult(0, """{"ServerVersion":"1","Architecture":"x86_64","Driver":"overlay2"}""", "", TimeSpan.Zero)
                : new CommandResult(1, "", "Cannot connect to the Docker daemon", TimeSpan.Zero));
        var hosts = new HostCatalogue([new ProcessHost(NullStack.Bin, runner), new DockerHost(runner, new ImageFolders("/r", "/r/artifacts"))]);
        await hosts.LookAsync([], TestContext.Current.CancellationToken);
        var chosen = hosts.Choose();
        Assert.Equal((host, why), (chosen.Host.Name, chosen.Why));
    }
}
