using ServeBench.Hosts.Docker;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>What is said of engines that are there, and of those that are not: each its own words.</summary>
public class DockerEngineTests
{
    private const string Info = """
        {"ServerVersion":"20.10.24","Architecture":"x86_64","Driver":"overlay2","CgroupVersion":"1","KernelVersion":"0.0.0","SecurityOptions":["name=seccomp"],"Runtimes":{"runc":{}}}
        """;

    [Fact]
    public async Task An_engine_is_found_with_two_questions()
    {
        var runner = new FakeRunner(c => c.Arguments[0] == "context" ? "unix:///var/run/docker.sock\n" : Info);
        var (engine, obstacle) = await DockerEngine.FindAsync(new DockerCli(runner), TestContext.Current.CancellationToken);
        Assert.Null(obstacle);
        Assert.Equal("Docker Engine 20.10.24, x86_64, overlay2, cgroup v1, on a kernel of its own", engine!.ToString());
        Assert.Equal("linux-x64", engine.RuntimeIdentifier);
        Assert.Equal(["docker context inspect '--format={{.Endpoints.docker.Host}}'", "docker info '--format={{json .}}'"], runner.Commands.Select(c => c.ToString()));
    }

    [Theory]
    [InlineData("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?", "no Docker Engine answers", "dockerd")]
    [InlineData("permission denied while trying to connect to the Docker daemon socket", "this user may not use the Docker Engine", "group docker")]
    [InlineData("something that nobody has seen before", "something that nobody has seen before", "--host=process")]
    public async Task An_engine_that_does_not_answer(string error, string problem, string remedy)
    {
        var (engine, obstacle) = await FindAsync(c => c.Arguments[0] == "context" ? Said("unix:///var/run/docker.sock") : new CommandResult(1, "", error, TimeSpan.Zero));
        Assert.Null(engine);
        Assert.Contains(problem, obstacle!.Problem, StringComparison.Ordinal);
        Assert.Contains(remedy, obstacle.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_says_so_inside_its_answer()
    {
        var (_, obstacle) = await FindAsync(c => c.Arguments[0] == "context"
            ? Said("unix:///var/run/docker.sock")
            : new CommandResult(0, """{"ServerErrors":["Cannot connect to the Docker daemon at unix:///var/run/docker.sock."]}""", "", TimeSpan.Zero));
        Assert.Equal("no Docker Engine answers", obstacle!.Problem);
    }

    [Theory]
    [InlineData("ssh://me@gpu.example")]
    [InlineData("tcp://10.1.2.3:2375")]
    public async Task An_engine_on_another_machine_is_refused_without_asking_it(string address)
    {
        var (_, obstacle) = await FindAsync(c => c.Arguments[0] == "context" ? Said(address) : throw new InvalidOperationException("it was asked"));
        Assert.Contains(address, obstacle!.Problem, StringComparison.Ordinal);
        Assert.Contains("on another machine", obstacle.Problem, StringComparison.Ordinal);
        Assert.Contains("Run ServeBench on that machine", obstacle.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unix:///run/user/1000/docker.sock", true)]
    [InlineData("npipe:////./pipe/docker_engine", true)]
    [InlineData("tcp://127.0.0.1:2375", true)]
    [InlineData("tcp://localhost:2375", true)]
    [InlineData("tcp://192.168.1.2:2375", false)]
    [InlineData("ssh://host", false)]
    [InlineData("", false)]
    public void Local_is_what_runs_here(string endpoint, bool isLocal) => Assert.Equal(isLocal, DockerEngine.IsLocal(endpoint));

    [Fact]
    public async Task No_docker_command()
    {
        var docker = new DockerCli(new CommandRunner());
        var result = await docker.TryAsync(DockerCli.Quick, ["context", "inspect"], TestContext.Current.CancellationToken);
        Assert.SkipWhen(result.ExitCode != -1, "there is a docker command here");
        var (_, obstacle) = await DockerEngine.FindAsync(docker, TestContext.Current.CancellationToken);
        Assert.Equal("the docker command is not there", obstacle!.Problem);
    }

    private static Task<(DockerEngine? Engine, Obstacle? Obstacle)> FindAsync(Func<CommandSpec, CommandResult> answer) =>
        DockerEngine.FindAsync(new DockerCli(new FakeRunner(answer)), TestContext.Current.CancellationToken);

    private static CommandResult Said(string output) => new(0, output, "", TimeSpan.Zero);
}
