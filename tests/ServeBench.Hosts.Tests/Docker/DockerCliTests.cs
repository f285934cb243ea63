using ServeBench.Domain.Faults;
using ServeBench.Hosts.Engines;
using ServeBench.Hosts.Images;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>That there is no such thing is told from everything else that docker says in similar words.</summary>
public class DockerCliTests
{
    private const string Dead = "failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("image", "Error: No such image: x")]
    [InlineData("image", "Error response from daemon: No such image: x:latest")]
    [InlineData("image", "Error: No such object: x")]
    [InlineData("container", "Error: No such container: x")]
    [InlineData("container", "Error response from daemon: No such container: x")]
    [InlineData("container", "error: no such object: x")]
    [InlineData("volume", "Error: No such volume: x")]
    [InlineData("volume", "Error response from daemon: get x: no such volume")]
    public async Task What_is_not_there_is_nothing(string kind, string error) => Assert.Null(await Docker(error).InspectAsync(kind, "x", Cancelled));

    [Theory]
    [InlineData("image")]
    [InlineData("container")]
    [InlineData("volume")]
    public async Task What_a_dead_engine_cannot_tell_of_may_be_there(string kind)
    {
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => Docker(Dead).InspectAsync(kind, "x", Cancelled));
        Assert.StartsWith($"the {kind} x could not be looked at: no Docker Engine answers", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Error response from daemon: open /var/lib/docker/x: no such file or directory")]
    [InlineData("Error response from daemon: lookup registry: no such host")]
    public async Task What_an_engine_fails_to_tell_of_may_be_there(string error) =>
        await Assert.ThrowsAsync<RunFailedException>(() => Docker(error).InspectAsync("container", "x", Cancelled));

    [Fact]
    public async Task An_image_is_not_missing_because_the_engine_is_dead()
    {
        Assert.Null(await ImageContent.OfAsync(Docker("Error: No such image: x"), "x", Cancelled));
        await Assert.ThrowsAsync<RunFailedException>(() => ImageContent.OfAsync(Docker(Dead), "x", Cancelled));
    }

    [Fact]
    public async Task A_container_is_not_removed_because_the_engine_is_dead()
    {
        Assert.False(await Docker(Dead).RemoveAsync("x"));
        Assert.True(await Docker("Error: No such container: x").RemoveAsync("x"));
    }

    private static DockerCli Docker(string error) => new(new FakeRunner(_ => new CommandResult(1, "[]", error, TimeSpan.Zero)));
}
