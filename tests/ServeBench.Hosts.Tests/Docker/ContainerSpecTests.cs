using ServeBench.Hosts.Delivery;
using ServeBench.Hosts.Docker;
using ServeBench.Hosts.Images;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>Exactly what is passed to docker run.</summary>
public class ContainerSpecTests
{
    [Theory]
    [InlineData("/models/m", "source=/models/m")]
    [InlineData("/my models/a=b", "source=/my models/a=b")]
    [InlineData("/models, \"old\"", "\"source=/models, \"\"old\"\"\"")]
    public void A_folder_is_mounted_whatever_its_path(string folder, string source) =>
        Assert.Equal($"--mount=type=bind,{source},target={ModelMount.Folder},readonly", ModelMount.OfFolder(folder));

    [Fact]
    public void Every_setting_has_its_argument() => Assert.Equal(
        [
            "run", "--detach", "--pull=never", "--name=servebench.r.s.m.1",
            "--label=a=1", "--label=b=2",
            "--cpuset-cpus=0-1,4", "--cpus=3",
            "--memory=1073741824", "--memory-swap=1073741824",
            "--user=65534:65534", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--read-only", "--tmpfs=/tmp", "--tmpfs=/run",
            "--gpus=all",
            "--publish=127.0.0.1::8000", "--mount=type=bind,source=/models/m,target=/model,readonly", "--log-driver=local",
            "--env=A=a b", "--env=Z=$HOME",
            "servebench/s:0123", "--port=8000", "--more",
        ],
        Spec(Settings).RunArguments());

    [Fact]
    public void What_is_not_asked_for_is_not_passed() => Assert.Equal(
        [
            "run", "--detach", "--pull=never", "--name=servebench.r.s.m.1", "--user=65534:65534", "--cap-drop=ALL", "--security-opt=no-new-privileges",
            "--publish=127.0.0.1::8000", "--mount=type=bind,source=/models/m,target=/model,readonly", "--log-driver=local", "servebench/s:0123",
        ],
        (Spec(Settings with { ReadOnly = false, TemporaryFolders = [], MemoryBytes = null, Gpus = null }) with
        {
            Labels = new Dictionary<string, string>(), Cpus = [], Environment = new Dictionary<string, string>(), Arguments = [],
        }).RunArguments());

    private static ContainerSpec Spec(DockerHostSettings settings) => new()
    {
        Name = "servebench.r.s.m.1",
        Image = "servebench/s:0123",
        Settings = settings,
        Labels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" },
        Mounts = [ModelMount.OfFolder("/models/m")],
        Cpus = [0, 1, 4],
        Environment = new Dictionary<string, string> { ["Z"] = "$HOME", ["A"] = "a b" },
        Arguments = ["--port=8000", "--more"],
    };

    private static DockerHostSettings Settings { get; } = new()
    {
        Image = new ImageSettings { Dockerfile = "Dockerfile", Context = [], Publish = new Dictionary<string, string>(), Shared = new Dictionary<string, string>() }, Arguments = [], Environment = new Dictionary<string, string>(),
        Ports = new Dictionary<string, int> { [Endpoints.Http] = 8000 }, ReadOnly = true, TemporaryFolders = ["/tmp", "/run"], MemoryBytes = 1 << 30, Gpus = "all",
        StartLimit = TimeSpan.FromSeconds(1), StopLimit = TimeSpan.FromSeconds(1),
    };
}
