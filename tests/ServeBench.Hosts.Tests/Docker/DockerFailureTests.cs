using ServeBench.Hosts.Engines;

namespace ServeBench.Hosts.Tests.Docker;

public class DockerFailureTests
{
    [Theory]
    [InlineData("write |1: file already closed", "no Docker Engine answers")]
    [InlineData("command [ssh -- gpu docker system dial-stdio] has exited with exit status 255, stderr=ssh: connect to host gpu port 22: Connection refused", "the Docker Engine's machine answers, but not to ssh")]
    [InlineData("command [ssh -- gpu docker system dial-stdio] has exited with exit status 255, stderr=Connection to gpu closed by remote host.", "the ssh connection to the Docker Engine's machine was lost")]
    public void An_engine_that_ssh_leads_to_no_more_may_be_back_later(string error, string problem)
    {
        var said = $"error during connect: Get \"http://docker.example.com/v1.50/info\": {error}";
        Assert.Equal(problem, DockerFailure.Of(said)!.Problem);
        Assert.True(DockerFailure.IsNoEngine(said));
    }

    [Theory]
    [InlineData("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?")]
    [InlineData("failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory")]
    public void An_engine_that_is_down_may_be_back_later_whichever_docker_command_says_so(string error)
    {
        Assert.Equal("no Docker Engine answers", DockerFailure.Of(error)!.Problem);
        Assert.True(DockerFailure.IsNoEngine(error));
    }

    [Theory]
    [InlineData("permission denied while trying to connect to the docker API at unix:///var/run/docker.sock")]
    [InlineData("failed to connect to the docker API at unix:///var/run/docker.sock: permission denied while trying to connect")]
    public void An_engine_that_this_user_may_not_use_is_there(string error)
    {
        Assert.Equal("this user may not use the Docker Engine", DockerFailure.Of(error)!.Problem);
        Assert.False(DockerFailure.IsNoEngine(error));
    }

    [Fact]
    public void What_a_build_prints_of_connections_is_no_fault_of_ssh() => Assert.Null(DockerFailure.Of("curl: (7) Failed to connect to localhost port 80: Connection refused"));

    [Theory]
    [InlineData("Error response from daemon: write /var/lib/docker/x: no space left on device", "disk is full", "docker image prune")]
    [InlineData("Error response from daemon: could not select device driver \"\" with capabilities: [[gpu]].", "cannot give a container a GPU", "container toolkit")]
    [InlineData("Unable to find image\ndocker: Error response from daemon: No such image: servebench/x:1.", "image is not there any more", "--target=Images")]
    [InlineData("Requested CPUs are not available - requested 0-7, available: 0-1.", "does not have the cores", "all of this machine's cores")]
    public void What_docker_says_is_told_with_what_to_do(string error, string problem, string remedy)
    {
        var failure = DockerFailure.Exception("the container of x could not be started", error);
        Assert.StartsWith("the container of x could not be started: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, failure.Remedy, StringComparison.Ordinal);
        // What docker itself said stays visible.
        Assert.Contains(error.Split('\n')[^1], failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_shows_its_last_lines()
    {
        var failure = DockerFailure.Exception("the image of x could not be built", string.Join('\n', Enumerable.Range(1, 40).Select(i => $"line {i}")), "Mend it");
        Assert.DoesNotContain("line 25\r", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("line 25" + Environment.NewLine, failure.Message, StringComparison.Ordinal);
        Assert.Contains("line 26", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("line 40", failure.Message, StringComparison.Ordinal);
        Assert.Equal("Mend it", failure.Remedy);
    }

    [Fact]
    public void An_image_build_that_loses_its_network_does_not_blame_the_engine() =>
        Assert.Null(DockerFailure.Of("Err:1 http://archive trixie InRelease\n  Connection reset by peer\nThe command '/bin/sh -c apt-get update' returned a non-zero code: 100"));
}
