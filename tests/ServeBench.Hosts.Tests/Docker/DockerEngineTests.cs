using ServeBench.Hosts.Engines;
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

    [Fact]
    public async Task An_engine_that_only_tcp_leads_to_is_refused_without_asking_it()
    {
        const string Address = "tcp://10.1.2.3:2375";
        var (_, obstacle) = await FindAsync(c => c.Arguments[0] == "context" ? Said(Address) : throw new InvalidOperationException("it was asked"));
        Assert.Contains($"{Address} is on another machine, and only ssh leads to a container's port there", obstacle!.Problem, StringComparison.Ordinal);
        Assert.Contains("docker context create NAME --docker host=ssh://USER@MACHINE", obstacle.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_ssh_leads_to_is_another_machines_even_on_this_kernel()
    {
        var kernel = File.Exists("/proc/sys/kernel/osrelease") ? File.ReadAllText("/proc/sys/kernel/osrelease").Trim() : "k";
        var info = """{"ServerVersion":"28.1","Architecture":"aarch64","Driver":"overlay2","CgroupVersion":"2","ID":"abc","NCPU":72,"MemTotal":1000,"OperatingSystem":"Debian","KernelVersion":"KERNEL"}""".Replace("KERNEL", kernel, StringComparison.Ordinal);
        var asked = new List<string>();
        var (engine, obstacle) = await FindAsync(c =>
        {
            asked.Add(c.ToString());
            return Said(c.Program == "ssh" ? "Docker version 28" : c.Arguments[0] == "context" ? "ssh://me@gpu.example:2222" : info);
        });
        Assert.Null(obstacle);
        Assert.Equal("Docker Engine 28.1, aarch64, overlay2, cgroup v2, on another machine", engine!.ToString());
        Assert.False(engine.IsNative);
        Assert.Equal(72, engine.Elsewhere!.LogicalCores);
        Assert.Equal("linux-arm64", engine.RuntimeIdentifier);
        Assert.EndsWith(" -l me -p 2222 -- gpu.example docker version", asked[1], StringComparison.Ordinal);
        Assert.Contains(" BatchMode=yes ", asked[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255, "me@gpu: Permission denied (publickey,password).", "it refuses the ssh key", "ssh-copy-id")]
    [InlineData(255, "Host key verification failed.", "ssh does not know the Docker Engine's machine", "by hand")]
    [InlineData(255, "ssh: Could not resolve hostname gpu: Name or service not known", "no machine has the name", "DOCKER_HOST")]
    [InlineData(255, "ssh: connect to host gpu port 22: Connection refused", "answers, but not to ssh", "sshd")]
    [InlineData(255, "ssh: connect to host gpu port 22: Connection timed out", "cannot be reached", "network")]
    [InlineData(255, "something that nobody has seen before", "something that nobody has seen before", "by hand")]
    [InlineData(1, "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?", "no Docker Engine answers", "Start it")]
    [InlineData(127, "sh: 1: docker: not found", "the docker command is not there on the Docker Engine's machine", "PATH")]
    public async Task A_machine_that_ssh_does_not_lead_to(int code, string error, string problem, string remedy)
    {
        var (_, obstacle) = await FindAsync(c => c.Program == "ssh" ? new CommandResult(code, "", error, TimeSpan.Zero) : c.Arguments[0] == "context" ? Said("ssh://gpu") : throw new InvalidOperationException("it was asked"));
        Assert.Contains(problem, obstacle!.Problem, StringComparison.Ordinal);
        Assert.Contains(remedy, obstacle.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_ssh_command()
    {
        // A runner that finds no such program, as the real one says it.
        var real = new CommandRunner();
        var (_, obstacle) = await DockerEngine.FindAsync(
            new DockerCli(new FakeRunner((c, cancelled) => c.Program == "ssh" ? real.TryRunAsync(c with { Program = "/nowhere/ssh" }, null, cancelled) : Task.FromResult(Said("ssh://gpu")))), TestContext.Current.CancellationToken);
        Assert.Contains("the ssh command that would lead there is not here", obstacle!.Problem, StringComparison.Ordinal);
        Assert.Contains("openssh-client", obstacle.Remedy, StringComparison.Ordinal);
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
